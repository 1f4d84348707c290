package io.drover.rollout;

import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A condition in CEL over the outcome of a task, by which the task is bad. CEL has no loops without an end. */
final class OutcomeCondition {

    /** In characters. */
    private static final int LONGEST = 500;

    private static final CelOptions OPTIONS = CelOptions.current()
            .enableHeterogeneousNumericComparisons(true)
            .maxExpressionCodePointSize(LONGEST)
            .maxParseRecursionDepth(32)
            .comprehensionMaxIterations(100)
            .maxRegexProgramSize(100)
            .build();

    private static final CelCompiler COMPILER = CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addVar("dead", SimpleType.BOOL)
            .addVar("inDoubt", SimpleType.BOOL)
            .addVar("rejected", SimpleType.BOOL)
            .addVar("seconds", SimpleType.DOUBLE)
            .addVar("usd", SimpleType.DOUBLE)
            .addVar("attempts", SimpleType.INT)
            .addVar("calls", SimpleType.INT)
            .setResultType(SimpleType.BOOL)
            .build();

    private static final CelRuntime RUNTIME =
            CelRuntimeFactory.plannerRuntimeBuilder().setOptions(OPTIONS).build();

    private final CelRuntime.Program program;

    private OutcomeCondition(CelRuntime.Program program) {
        this.program = program;
    }

    /** @throws IllegalArgumentException if it is none */
    static OutcomeCondition of(String condition) {
        try {
            return new OutcomeCondition(
                    RUNTIME.createProgram(COMPILER.compile(condition).getAst()));
        } catch (CelValidationException | CelEvaluationException | RuntimeException | StackOverflowError e) {
            throw new IllegalArgumentException(
                    "it must be a condition in CEL over dead, inDoubt, rejected, seconds, usd, attempts and calls, as in calls > 20: "
                            + firstLine(e),
                    e);
        }
    }

    /** What is wrong with it, or null. */
    static @Nullable String problem(String condition) {
        try {
            of(condition);
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    /** Whether a task is bad. One of which it cannot be said is. */
    boolean isBad(Outcome outcome) {
        try {
            return Boolean.TRUE.equals(program.eval(Map.of(
                    "dead",
                    outcome.dead(),
                    "inDoubt",
                    outcome.inDoubt(),
                    "rejected",
                    outcome.rejected(),
                    "seconds",
                    outcome.durationMillis() / 1e3,
                    "usd",
                    outcome.costMicros() / 1e6,
                    "attempts",
                    (long) outcome.attempts(),
                    "calls",
                    (long) outcome.calls())));
        } catch (CelEvaluationException e) { // as of 1 / calls where there is none
            return true;
        }
    }

    private static String firstLine(Throwable e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
