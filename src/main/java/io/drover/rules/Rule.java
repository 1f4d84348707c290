package io.drover.rules;

import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelEvaluationExceptionBuilder;
import dev.cel.runtime.CelRuntime;
import io.drover.json.Digest;
import io.drover.rules.Conditions.Compiled;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
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
    private final CelRuntime.@Nullable Program key;

    private Rule(RuleText text, @Nullable Compiled condition, CelRuntime.@Nullable Program key) {
        this.text = text;
        this.condition = condition;
        this.key = key;
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
        return new Rule(
                text,
                text.when().isBlank() ? null : Conditions.program(text.when(), hint),
                text.per() == null ? null : Conditions.key(text.per().key(), hint));
    }

    private static List<NamePattern> patterns(List<String> names) {
        return names.stream().map(NamePattern::new).toList();
    }

    /** What in its condition does not fit the arguments of a tool. */
    public List<Fault> faults(ArgumentTypes arguments, BiFunction<String, Set<String>, String> hint) {
        return condition == null ? List.of() : Conditions.faults(text.when(), arguments, hint);
    }

    /** The same of what its calls have in common. */
    public List<Fault> keyFaults(ArgumentTypes arguments, BiFunction<String, Set<String>, String> hint) {
        return text.per() == null ? List.of() : Conditions.keyFaults(text.per().key(), arguments, hint);
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
                new RuleText(t.id(), t.why(), t.tools(), t.workflows(), t.agents(), t.when(), t.then(), false, t.per()),
                condition,
                key);
    }

    /** Whether it is about a call of a tool that it is about. */
    boolean covers(CallFacts call) {
        return (workflows.isEmpty() || workflows.stream().anyMatch(pattern -> pattern.matches(call.workflow())))
                && (agents.isEmpty()
                        || agents.stream()
                                .anyMatch(pattern -> call.agents().stream().anyMatch(pattern::matches)));
    }

    /** What its history is about, where that is no task. */
    RuleText.@Nullable Per per() {
        return text.per();
    }

    /**
     * What a call has in common with those that its history is about. It does not hold the rule's id, so an edit of the
     * condition forgets nothing.
     *
     * @throws CelEvaluationException if that is no text
     */
    UUID subject(CallFacts call) throws CelEvaluationException {
        Object found =
                Objects.requireNonNull(key, "only a rule per key has subjects").eval(call);
        if (!(found instanceof String value) || value.isBlank()) {
            throw CelEvaluationExceptionBuilder.newBuilder("per: it gives no text")
                    .build();
        }
        return Digest.uuid(Objects.requireNonNull(text.per()).key().strip(), value);
    }

    /** @throws CelEvaluationException if its condition is neither true nor false for this call */
    boolean holds(CallFacts call) throws CelEvaluationException {
        return condition == null || (Boolean) condition.program().eval(call);
    }
}
