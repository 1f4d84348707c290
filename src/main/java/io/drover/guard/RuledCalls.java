package io.drover.guard;

import io.drover.journal.CallsUnderWay;
import io.drover.journal.ClaimedTask;
import io.drover.journal.Journal;
import io.drover.journal.RuleDecisions;
import io.drover.journal.SubjectLimit.Room;
import io.drover.json.Excerpt;
import io.drover.rules.CallFacts;
import io.drover.rules.Rules;
import io.drover.rules.RulesInForce;
import io.drover.rules.Ruling;
import io.drover.rules.UserRoles;
import io.drover.rules.Verdict;
import io.drover.start.Listeners;
import io.drover.tool.ToolOutcome;
import io.drover.trace.GenAi;
import io.opentelemetry.api.trace.Span;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Asks the rules about calls that are to be made, and says in log, trace and metrics what they answer. */
@Component
class RuledCalls {

    private static final Logger LOG = LoggerFactory.getLogger(RuledCalls.class);
    private static final Duration UNTIL_THE_RULES_ARE_HERE = Duration.ofSeconds(10);

    private static final Duration UNTIL_A_CALL_HAS_ENDED = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(2); // then its task waits
    private static final int LONGEST_REASON = 2000;

    private final RulesInForce rules;
    private final @Nullable UserRoles users;
    private final RuleDecisions decisions;
    private final Listeners<ToolCallListener> listeners;

    RuledCalls(
            RulesInForce rules,
            ObjectProvider<UserRoles> users,
            RuleDecisions decisions,
            List<ToolCallListener> listeners) {
        this.decisions = decisions;
        this.users = users.getIfAvailable();
        this.rules = rules;
        this.listeners = new Listeners<>(listeners);
    }

    /** Why a call may not be made now, or null; the call then knows whether a person is to be asked. */
    @Nullable
    ToolOutcome refusal(GuardedCall call) {
        Rules current = rules.current();
        if (current == null) {
            return new ToolOutcome.Deferred(false, rules.missing(), UNTIL_THE_RULES_ARE_HERE);
        }
        Verdict verdict = call.attempt().calls().alone(() -> judged(call, current));
        if (verdict.waits()) {
            return new ToolOutcome.Deferred(
                    false, "a rule asks about a call of this task that has not ended", UNTIL_A_CALL_HAS_ENDED);
        }
        call.judged(verdict);
        if (!verdict.seen().isEmpty()) {
            tell(call, verdict);
            keep(call, verdict);
        }
        if (verdict.ruling() == Ruling.FORBID) {
            return GuardPolicy.never(call, verdict.reason());
        }
        if (current.haveLimits() && !call.attempt().task().mode().hasNoEffect()) {
            limit(call, current);
        }
        return null;
    }

    /** What rules ask about the calls of several tasks is decided when the call is recorded as begun. */
    private void limit(GuardedCall call, Rules current) {
        CallFacts facts = facts(call);
        List<Rules.Limit> limits = current.limits(facts);
        if (!limits.isEmpty()) {
            call.isLimited(new LimitedCall(call, facts, limits));
        }
    }

    /** Why such a call did not begin, or null where that is no reason, or it now knows that it needs an approval. */
    @Nullable
    ToolOutcome atBegin(GuardedCall call, LimitedCall limit, Journal.Begin begin) {
        Verdict verdict = limit.verdict();
        Room room = begin instanceof Journal.Begin.NoRoom none ? none.room() : null;
        if (room == Room.OPEN) {
            return new ToolOutcome.Deferred(
                    false, "a rule asks about a call of another task that has not ended", UNTIL_A_CALL_HAS_ENDED);
        }
        boolean decided = room != null || begin instanceof Journal.Begin.Begun && !verdict.asks(); // else it is told
        if (decided && !verdict.seen().isEmpty()) {
            tell(call, verdict);
            keep(call, verdict);
        }
        if (room == Room.ASKS) {
            call.judged(call.verdict().and(verdict));
            call.needsApproval();
        }
        return room == Room.FULL ? GuardPolicy.never(call, verdict.reason()) : null;
    }

    /** A call that may be made is under way before the next one is judged. */
    private Verdict judged(GuardedCall call, Rules current) {
        CallIdentity which = call.identity();
        CallsUnderWay calls = call.attempt().calls();
        Verdict verdict = verdict(call, current);
        for (long left = PATIENCE.toNanos();
                verdict.waits() && left > 0 && call.attempt().refusal() == null; ) {
            left = calls.awaitEnd(left);
            verdict = verdict(call, current);
        }
        if (!verdict.waits() && verdict.ruling() != Ruling.FORBID) {
            calls.begin(new CallsUnderWay.Call(
                    which.address(),
                    call.spec().name(),
                    which.document(),
                    which.context().scope().caller()));
        }
        return verdict;
    }

    private Verdict verdict(GuardedCall call, Rules current) {
        return current.areSilentOn(call.spec().name()) ? Verdict.NONE : current.withoutLimits(facts(call));
    }

    private @Nullable Set<String> roles(@Nullable String user) {
        return users == null ? null : users.of(user);
    }

    private CallFacts facts(GuardedCall call) {
        ClaimedTask task = call.attempt().task();
        return new CallFacts(
                call.spec().name(),
                call.spec().arguments().schema(),
                call.identity().arguments(),
                new CallFacts.Task(
                        task.workflow(), task.key(), task.attempt(), task.mode().word()),
                new CallFacts.Actor(task.submittedBy(), roles(task.submittedBy())),
                call.identity().context().agents(),
                new RecordedHistory(call));
    }

    /** Who looks at the task finds which rule did not simply let the call be made. */
    private void keep(GuardedCall call, Verdict verdict) {
        if (verdict.rule() == null || verdict.ruling() == Ruling.PERMIT) {
            return;
        }
        decisions
                .keep(new RuleDecisions.Decision(
                        call.attempt().task().id(),
                        call.identity().address(),
                        call.spec().name(),
                        verdict.ruling().word(),
                        verdict.rule(),
                        Excerpt.of(verdict.reason(), LONGEST_REASON),
                        call.attempt().task().addresses().of(call.identity().document())))
                .join();
    }

    private void tell(GuardedCall call, Verdict verdict) {
        verdict.seen().forEach(one -> listeners.each(listener -> listener.ruled(one.id(), one.said(), one.enforced())));
        if (verdict.rule() != null) {
            Span.fromContext(call.identity().context().trace()).setAttribute(GenAi.RULE, verdict.rule());
            LOG.info(
                    "tool:{}: {} ({} by {})",
                    call.spec().name(),
                    verdict.reason(),
                    verdict.ruling().word(),
                    verdict.rule());
        }
        verdict.seen().stream()
                .filter(one -> !one.enforced())
                .forEach(one -> LOG.info(
                        "tool:{}: rule {} only observes; it would have said {}",
                        call.spec().name(),
                        one.id(),
                        one.said()));
    }
}
