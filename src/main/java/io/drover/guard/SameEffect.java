package io.drover.guard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.journal.CallRecord;
import io.drover.journal.CallState;
import io.drover.journal.Effect;
import io.drover.journal.EffectHolder;
import io.drover.journal.Journal.Begin;
import io.drover.journal.StandingGrant;
import io.drover.json.Excerpt;
import io.drover.json.Recorded;
import io.drover.tool.ToolOutcome;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * Has calls begin, of which only one may have an effect. One that comes second waits for the end of the first, and then
 * has its result, or is a question.
 */
final class SameEffect {

    private static final String EFFECT = "effect";
    private static final int SHOWN = 300;

    private final JournalRepository journal;
    private final HeldCalls holds;
    private final ApprovalRule approvals;
    private final RuledCalls rules;

    SameEffect(JournalRepository journal, HeldCalls holds, ApprovalRule approvals, RuledCalls rules) {
        this.journal = journal;
        this.holds = holds;
        this.approvals = approvals;
        this.rules = rules;
    }

    /**
     * Its grant, if it needs one, is spent in the commit that takes the effect. Where it is not approved, people are asked.
     *
     * @param exchange holds its arguments
     * @return null when the call has begun, else what became of it
     */
    @Nullable
    ToolOutcome begin(GuardedCall call, Exchange exchange) {
        List<StandingGrant.Draw> draws = List.of();
        Collection<String> subjects = HeldCalls.subjects(call.identity());
        boolean keyed = true;
        while (true) {
            Begin begin = journal.begin(call, subjects, keyed, draws);
            if (begin instanceof Begin.Held) {
                return holds.sinceBegin(call.identity());
            }
            if (call.limit() != null) {
                ToolOutcome refusal = rules.atBegin(call, call.limit(), begin);
                if (refusal == null && begin instanceof Begin.NoRoom) { // a rule asks a person
                    refusal = approvals.refusal(call);
                    if (refusal == null) {
                        continue;
                    }
                }
                if (refusal != null) {
                    return refusal;
                }
            }
            if (begin instanceof Begin.Unapproved) {
                draws = draws.isEmpty() ? approvals.draws(call, exchange) : List.of();
                if (draws.isEmpty()) {
                    return approvals.ask(call, exchange);
                }
                continue;
            }
            if (!(begin instanceof Begin.Taken taken)) {
                return null;
            }
            EffectHolder first = taken.first();
            if (first == null) {
                continue; // it gave the effect back meanwhile
            }
            if (!first.state().isFinal()) {
                if (journal.awaitEnd(call, first)) {
                    call.met(Meeting.AWAITED);
                    return new ToolOutcome.Awaiting("%s has the effect %s, and has not ended: it is %s"
                            .formatted(first, first.effect(), first.state()));
                }
            } else if (isDecided(recorded(call))) {
                keyed = false; // a person has seen both calls
            } else {
                return waitsNoMore(call, first) ? after(call, first) : ApprovalRule.decidedNow();
            }
        }
    }

    private static @Nullable CallRecord recorded(GuardedCall call) {
        return call.attempt().recorded(call.identity().address());
    }

    private static boolean isDecided(@Nullable CallRecord known) {
        return known != null && (known.state() == CallState.AGAIN || decision(known) != null);
    }

    /** The error of a call that a person wants made though another one had its effect; it is kept while people approve it. */
    static @Nullable String decision(CallRecord known) {
        boolean mayBe = known.state() == CallState.AGAIN || known.state() == CallState.PENDING;
        return mayBe && other(known) != null ? known.error() : null;
    }

    /** Whether it waits for no approval. A person may decide about it while it is found out that none is needed. */
    private boolean waitsNoMore(GuardedCall call, EffectHolder first) {
        CallRecord known = recorded(call);
        return known == null
                || known.state() != CallState.PENDING
                || journal.waitsNoMore(call, "%s has the effect %s".formatted(first, first.effect()));
    }

    private ToolOutcome after(GuardedCall call, EffectHolder first) {
        boolean succeeded = first.result() != null;
        Effect mine = Objects.requireNonNull(call.effect().effect(), "what is taken was asked for");
        if (succeeded
                && first.effect().tool().equals(mine.tool())
                && first.arguments().equals(call.identity().document())) {
            call.met(Meeting.REPEATED);
            return journal.takeOver(call, String.valueOf(first.result()));
        }
        call.met(Meeting.CONFLICT);
        String why = "%s had the effect %s, with the arguments %s, and is %s; this call has the arguments %s"
                .formatted(
                        first,
                        first.effect(),
                        Excerpt.of(first.arguments(), SHOWN),
                        first.state(),
                        Excerpt.of(call.identity().recorded(), SHOWN));
        if (succeeded && call.identity().request().isOfModel()) {
            Object result = Recorded.value(String.valueOf(first.result()), () -> first + ": the recorded result");
            return new ToolOutcome.AlreadyDone(why, result);
        }
        call.conflictsWith(shown(first));
        return new ToolOutcome.InDoubt(why);
    }

    private static JsonNode shown(EffectHolder first) {
        ObjectNode shown = JsonNodeFactory.instance.objectNode();
        shown.put("scope", first.effect().scope())
                .put("name", first.effect().name())
                .put("key", first.effect().key())
                .put("task", first.task().toString())
                .put("n", first.n())
                .put("tool", first.tool());
        return shown;
    }

    /** The call that a recorded call in doubt conflicts with; null where it is in doubt for another reason. */
    static @Nullable JsonNode conflict(CallRecord known) {
        return known.state() == CallState.IN_DOUBT ? other(known) : null;
    }

    private static @Nullable JsonNode other(CallRecord known) {
        if (known.error() == null) {
            return null;
        }
        JsonNode effect = Recorded.tree(known.error(), () -> "call %d of task %s: the recorded error"
                        .formatted(known.n(), known.taskId()))
                .path(EFFECT);
        return effect.isObject() ? effect : null;
    }
}
