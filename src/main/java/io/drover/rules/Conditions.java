package io.drover.rules;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelOptionalLibrary;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Compiles the conditions of rules. CEL has no loops without an end, and its regular expressions are RE2's. */
final class Conditions {

    static final String ARGUMENTS = "args";
    static final String TOOL = "tool";
    static final String AGENTS = "agents";
    static final String TASK = "task";
    static final String ACTOR = "actor";
    static final String COST = "cost";
    static final String MODE = "mode";
    static final String HISTORY = "history";

    /** In characters. */
    static final int LONGEST = 2_000;

    private static final int DEEPEST = 32;
    private static final int MOST_ITERATIONS = 10_000;
    private static final int LARGEST_PATTERN = 1_000;

    private static final CelOptions OPTIONS = CelOptions.current()
            .enableHeterogeneousNumericComparisons(true)
            .maxExpressionCodePointSize(LONGEST)
            .maxParseRecursionDepth(DEEPEST)
            .comprehensionMaxIterations(MOST_ITERATIONS)
            .maxRegexProgramSize(LARGEST_PATTERN)
            .build();

    private static final CelRuntime RUNTIME = CelRuntimeFactory.plannerRuntimeBuilder()
            .setOptions(OPTIONS)
            .addLibraries(CelOptionalLibrary.INSTANCE)
            .addFunctionBindings(History.BINDINGS)
            .build();

    private static final Map<String, CelType> OF_TASK =
            Map.of("workflow", SimpleType.STRING, "key", SimpleType.STRING, "attempt", SimpleType.INT);

    private static final Map<String, CelType> OF_ACTOR =
            Map.of("name", SimpleType.STRING, "roles", ListType.create(SimpleType.STRING));

    private static final Set<String> NAMES = Set.of(ARGUMENTS, TOOL, AGENTS, TASK, ACTOR, COST, MODE, HISTORY);

    private static final CelCompiler UNTYPED = ArgumentTypes.UNKNOWN.compiler();
    private static final CelCompiler KEYS = compiler(ArgumentTypes.UNKNOWN, SimpleType.STRING);

    private static final Pattern CANDIDATES = Pattern.compile(" \\(candidates: .*", Pattern.DOTALL);
    private static final Pattern OVERLOAD =
            Pattern.compile("found no matching overload for '(.+?)' applied to '(.+)'", Pattern.DOTALL);
    private static final Pattern FIELD = Pattern.compile("undefined field '([^']+)'");
    private static final Pattern REFERENCE = Pattern.compile("undeclared reference to '([^']+)'.*", Pattern.DOTALL);

    private Conditions() {}

    static CelCompiler compiler(ArgumentTypes arguments) {
        return compiler(arguments, SimpleType.BOOL);
    }

    private static CelCompiler compiler(ArgumentTypes arguments, CelType result) {
        StructType task = struct(TASK, OF_TASK);
        StructType actor = struct(ACTOR, OF_ACTOR);
        List<CelType> types = new ArrayList<>(List.of(task, actor));
        types.addAll(arguments.declared());
        return CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addLibraries(CelOptionalLibrary.INSTANCE)
                .setTypeProvider(new Types(ImmutableList.copyOf(types)))
                .addVar(ARGUMENTS, arguments.type())
                .addVar(TOOL, SimpleType.STRING)
                .addVar(AGENTS, ListType.create(SimpleType.STRING))
                .addVar(TASK, task)
                .addVar(ACTOR, actor)
                .addVar(COST, SimpleType.DOUBLE)
                .addVar(MODE, SimpleType.STRING)
                .addVar(HISTORY, History.TYPE)
                .addFunctionDeclarations(History.FUNCTIONS)
                .setResultType(result)
                .build();
    }

    private static StructType struct(String name, Map<String, CelType> fields) {
        return StructType.create(
                name, ImmutableSet.copyOf(fields.keySet()), field -> Optional.ofNullable(fields.get(field)));
    }

    private record Types(ImmutableList<CelType> all) implements CelTypeProvider {

        @Override
        public ImmutableCollection<CelType> types() {
            return all;
        }

        @Override
        public Optional<CelType> findType(String name) {
            return all.stream().filter(type -> type.name().equals(name)).findFirst();
        }
    }

    /** A condition, and what it asks about earlier calls. */
    record Compiled(CelRuntime.Program program, List<HistoryUse> history) {}

    /** A condition that can be asked for the calls of any tool. */
    static Compiled program(String condition, BiFunction<String, Set<String>, String> hint)
            throws FaultyConditionException {
        try {
            CelValidationResult checked = compiled(UNTYPED, condition);
            List<Fault> faults = faults(condition, checked, Set.of(), hint);
            if (!faults.isEmpty()) {
                throw new FaultyConditionException(faults);
            }
            return new Compiled(RUNTIME.createProgram(checked.getAst()), history(checked.getAst()));
        } catch (CelValidationException | CelEvaluationException | RuntimeException | StackOverflowError e) {
            throw new FaultyConditionException(List.of(new Fault(0, "it cannot be compiled: " + e.getMessage())));
        }
    }

    /** An expression that gives a text for the calls of any tool. */
    static CelRuntime.Program key(String expression, BiFunction<String, Set<String>, String> hint)
            throws FaultyConditionException {
        try {
            CelValidationResult checked = compiled(KEYS, expression);
            List<Fault> faults = faults(expression, checked, Set.of(), hint);
            if (faults.isEmpty() && !history(checked.getAst()).isEmpty()) {
                faults = List.of(new Fault(0, "what calls have in common cannot depend on their history"));
            }
            if (!faults.isEmpty()) {
                throw new FaultyConditionException(faults.stream()
                        .map(fault -> new Fault(0, "per: " + fault.message()))
                        .toList());
            }
            return RUNTIME.createProgram(checked.getAst());
        } catch (CelValidationException | CelEvaluationException | RuntimeException | StackOverflowError e) {
            throw new FaultyConditionException(List.of(new Fault(0, "per: it cannot be compiled: " + e.getMessage())));
        }
    }

    /** What of it does not fit the arguments of a tool: a comparison of it with a text is a condition like any other. */
    static List<Fault> keyFaults(
            String expression, ArgumentTypes arguments, BiFunction<String, Set<String>, String> hint) {
        return faults("(" + expression + ") != ''", arguments, hint);
    }

    /** What does not fit the arguments of a tool. */
    static List<Fault> faults(String condition, ArgumentTypes arguments, BiFunction<String, Set<String>, String> hint) {
        try {
            CelValidationResult checked = compiled(arguments.compiler(), condition);
            List<Fault> faults = faults(condition, checked, arguments.names(), hint);
            return faults.isEmpty() ? unprotected(checked.getAst(), arguments) : faults;
        } catch (CelValidationException | RuntimeException | StackOverflowError e) {
            return List.of(new Fault(0, "it cannot be compiled: " + e.getMessage()));
        }
    }

    private static CelValidationResult compiled(CelCompiler compiler, String condition) {
        return compiler.compile(condition);
    }

    private static List<Fault> faults(
            String condition,
            CelValidationResult checked,
            Set<String> arguments,
            BiFunction<String, Set<String>, String> hint) {
        List<Fault> faults = new ArrayList<>();
        if (checked.hasError()) {
            for (CelIssue issue : checked.getErrors()) {
                int index = index(condition, issue.getSourceLocation().getLine());
                faults.add(new Fault(index, words(issue.getMessage(), arguments, hint)));
            }
        }
        return faults;
    }

    private static int index(String condition, int line) {
        int index = 0;
        for (int n = 1; n < line; n++) {
            int end = condition.indexOf('\n', index);
            if (end < 0) {
                break;
            }
            index = end + 1;
        }
        return index;
    }

    private static String words(String message, Set<String> arguments, BiFunction<String, Set<String>, String> hint) {
        Matcher field = FIELD.matcher(message);
        if (field.find()) {
            Set<String> known = new HashSet<>(arguments);
            known.addAll(OF_TASK.keySet());
            known.addAll(OF_ACTOR.keySet());
            return "there is no '%s'%s".formatted(field.group(1), hint.apply(field.group(1), known));
        }
        Matcher reference = REFERENCE.matcher(message);
        if (reference.find()) {
            String name = reference.group(1);
            return "there is no '%s'%s".formatted(name, hint.apply(name, NAMES));
        }
        Matcher overload = OVERLOAD.matcher(CANDIDATES.matcher(message).replaceFirst(""));
        if (overload.find()) {
            String operation = overload.group(1).replaceAll("^_|_$|^@", "");
            String mixed = overload.group(2).matches("\\((double, int|int, double)\\)")
                    ? "; write the whole number with a decimal point, as in 1.0"
                    : "";
            String types = overload.group(2).replaceAll("^\\(|\\)$", "");
            return "'%s' does not take %s%s".formatted(operation, types, mixed);
        }
        return message;
    }

    private static List<HistoryUse> history(CelAbstractSyntaxTree ast) {
        return CelNavigableAst.fromAst(ast)
                .getRoot()
                .allNodes()
                .map(CelNavigableExpr::expr)
                .filter(expr -> expr.getKind() == Kind.CALL
                        && expr.call().target().isPresent()
                        && Set.of(History.DID, History.COUNT, History.SUM)
                                .contains(expr.call().function()))
                .map(expr -> new HistoryUse(
                        constant(expr.call().args(), 0), constant(expr.call().args(), 1)))
                .toList();
    }

    private static @Nullable String constant(List<CelExpr> args, int i) {
        return i < args.size()
                        && args.get(i).getKind() == Kind.CONSTANT
                        && args.get(i).constant().getKind() == CelConstant.Kind.STRING_VALUE
                ? args.get(i).constant().stringValue()
                : null;
    }

    /** The arguments that a call may leave out, and that the condition uses without a test for that. */
    private static List<Fault> unprotected(CelAbstractSyntaxTree ast, ArgumentTypes arguments) {
        Set<String> used = new HashSet<>();
        Set<String> tested = new HashSet<>();
        CelNavigableAst.fromAst(ast)
                .getRoot()
                .allNodes()
                .map(CelNavigableExpr::expr)
                .forEach(expr -> {
                    String name = argument(expr);
                    if (name != null) {
                        (expr.select().testOnly() ? tested : used).add(name);
                    }
                });
        used.removeAll(tested);
        used.retainAll(arguments.optional());
        return used.stream()
                .sorted()
                .map(name -> new Fault(
                        0,
                        "a call may leave out '%s', and then the rule cannot be evaluated; write has(args.%s) && ... or args.?%s.orValue(...)"
                                .formatted(name, name, name)))
                .toList();
    }

    /** The name in {@code args.name}, or null. */
    private static @Nullable String argument(CelExpr expr) {
        if (expr.getKind() != Kind.SELECT) {
            return null;
        }
        CelExpr operand = expr.select().operand();
        return operand.getKind() == Kind.IDENT && operand.ident().name().equals(ARGUMENTS)
                ? expr.select().field()
                : null;
    }
}
