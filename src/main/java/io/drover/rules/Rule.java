package io.drover.rules;

import dev.cel.runtime.CelEvaluationException;
import io.drover.json.Digest;
import io.drover.rules.Conditions.Compiled;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** A rule that can be asked. */
public final class Rule {

    private final RuleText text;
    private final String version;
    private final List<NamePattern> tools;
    private final List<NamePattern> workflows;
    private final List<NamePattern> agents;
    private final @Nullable Compiled condition;

    private Rule(RuleText text, @Nullable Compiled condition) {
        this.text = text;
        this.condition = condition;
        this.tools = patterns(text.tools());
        this.workflows = patterns(text.workflows());
        this.agents = patterns(text.agents());
        this.version = "%s@%016x".formatted(text.id(), Digest.bits(text.toString()));
    }

    /**
     * @param hint the end of a sentence that names what was meant by a name, of those that exist
     * @throws FaultyConditionException if its condition can be asked of no call
     */
    public static Rule of(RuleText text, BiFunction<String, Set<String>, String> hint) throws FaultyConditionException {
        return new Rule(text, text.when().isBlank() ? null : Conditions.program(text.when(), hint));
    }

    private static List<NamePattern> patterns(List<String> names) {
        return names.stream().map(NamePattern::new).toList();
    }

    /** What in its condition does not fit the arguments of a tool. */
    public List<Fault> faults(ArgumentTypes arguments, BiFunction<String, Set<String>, String> hint) {
        return condition == null ? List.of() : Conditions.faults(text.when(), arguments, hint);
    }

    /** Whether it is about the calls of a tool. */
    public boolean isAbout(String tool) {
        return tools.stream().anyMatch(pattern -> pattern.matches(tool));
    }

    /** What its condition asks about earlier calls. */
    public List<HistoryUse> history() {
        return condition == null ? List.of() : condition.history();
    }

    String id() {
        return text.id();
    }

    /** Its id and the digest of what it says. */
    String version() {
        return version;
    }

    String why() {
        return text.why();
    }

    Ruling then() {
        return text.then();
    }

    boolean observes() {
        return text.observe();
    }

    /** The same rule, in force though it only observes. */
    Rule enforced() {
        RuleText t = text;
        return new Rule(
                new RuleText(t.id(), t.why(), t.tools(), t.workflows(), t.agents(), t.when(), t.then(), false),
                condition);
    }

    /** Whether it is about a call of a tool that it is about. */
    boolean covers(CallFacts call) {
        return (workflows.isEmpty() || workflows.stream().anyMatch(pattern -> pattern.matches(call.workflow())))
                && (agents.isEmpty()
                        || agents.stream()
                                .anyMatch(pattern -> call.agents().stream().anyMatch(pattern::matches)));
    }

    /** @throws CelEvaluationException if its condition is neither true nor false for this call */
    boolean holds(CallFacts call) throws CelEvaluationException {
        return condition == null || (Boolean) condition.program().eval(call);
    }
}
