package io.drover.cel;

import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * What conditions of one kind can be about. CEL has no loops without an end, and its regular expressions are RE2's.
 *
 * @see <a href="https://github.com/google/cel-spec">Common Expression Language</a>
 */
public final class ConditionLanguage {

    private static final int DEEPEST = 32;
    private static final int LARGEST_PATTERN = 100;

    private final CelCompiler compiler;
    private final CelRuntime runtime;
    private final String rule;

    /**
     * @param names      of the values, with their types
     * @param longest    in characters
     * @param iterations that a macro such as {@code all} may need
     * @param example    of a condition, for the error of a wrong one
     */
    public ConditionLanguage(SequencedMap<String, CelType> names, int longest, int iterations, String example) {
        CelOptions options = CelOptions.current()
                .enableHeterogeneousNumericComparisons(true)
                .maxExpressionCodePointSize(longest)
                .maxParseRecursionDepth(DEEPEST)
                .comprehensionMaxIterations(iterations)
                .maxRegexProgramSize(LARGEST_PATTERN)
                .build();
        CelCompilerBuilder builder = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(options)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .setResultType(SimpleType.BOOL);
        names.forEach(builder::addVar);
        this.compiler = builder.build();
        this.runtime =
                CelRuntimeFactory.plannerRuntimeBuilder().setOptions(options).build();
        this.rule = "it must be a condition in CEL over %s, as in %s".formatted(listed(names), example);
    }

    private static String listed(SequencedMap<String, CelType> names) {
        String all = String.join(", ", names.keySet());
        int last = all.lastIndexOf(", ");
        return last < 0 ? all : all.substring(0, last) + " and " + all.substring(last + 2);
    }

    /** @throws IllegalArgumentException if it is none; the message says what is wrong */
    public Condition condition(String text) {
        try {
            return new Condition(runtime.createProgram(compiler.compile(text).getAst()));
        } catch (CelValidationException | CelEvaluationException | RuntimeException | StackOverflowError e) {
            throw new IllegalArgumentException(rule + ": " + firstLine(e), e);
        }
    }

    /** What is wrong with a condition, or null. */
    public @Nullable String problem(String text) {
        try {
            condition(text);
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    private static String firstLine(Throwable e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
