package io.drover.guard;

import io.drover.journal.SubjectLimit;
import io.drover.json.Recorded;
import io.drover.rules.CallFacts;
import io.drover.rules.Rules;
import io.drover.rules.Rules.Limit;
import io.drover.rules.TaskHistory;
import io.drover.rules.Verdict;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** A call about which rules ask what was done before for whom or what it is made, by any task. */
final class LimitedCall implements SubjectLimit {

    private final GuardedCall call;
    private final CallFacts facts;
    private final List<Limit> limits;

    /** The calls whose steps make this one: they do not end before it. It is asked for now, because a lock guards it. */
    private final Set<UUID> above;

    private volatile Verdict verdict = Verdict.NONE;

    LimitedCall(GuardedCall call, CallFacts facts, List<Limit> limits) {
        this.call = call;
        this.facts = facts;
        this.limits = limits;
        this.above =
                call.attempt().calls().above(call.identity().context().scope().caller());
    }

    @Override
    public Collection<UUID> subjects() {
        return limits.stream().map(Limit::subject).toList();
    }

    @Override
    public Duration within() {
        return limits.stream().map(Limit::within).max(Duration::compareTo).orElse(Duration.ZERO);
    }

    /** What was decided last. */
    Verdict verdict() {
        return verdict;
    }

    @Override
    public Room judge(List<Earlier> earlier) {
        Verdict said = Rules.on(facts, limits, limit -> new Past(limit, earlier));
        verdict = said;
        if (said.waits()) {
            return Room.OPEN;
        }
        return switch (said.ruling()) {
            case FORBID -> Room.FULL;
            case ASK ->
                call.verdict().asked().containsAll(said.asked()) ? Room.FREE : Room.ASKS; // its grant is asked for
            case PERMIT -> Room.FREE;
        };
    }

    /** What counts for one rule. What the task's models cost is what it is for any rule. */
    private final class Past implements TaskHistory {

        private final Limit limit;
        private final List<SubjectLimit.Earlier> earlier;

        Past(Limit limit, List<SubjectLimit.Earlier> earlier) {
            this.limit = limit;
            this.earlier = earlier;
        }

        @Override
        public BigDecimal cost() {
            return ModelCost.usd(call.attempt());
        }

        @Override
        public Collection<TaskHistory.Earlier> calls(String tool) {
            return earlier.stream()
                    .filter(one -> one.subject().equals(limit.subject())
                            && one.tool().equals(tool)
                            && one.age().compareTo(limit.within()) <= 0)
                    .map(one -> new TaskHistory.Earlier(
                            () -> Recorded.tree(one.arguments(), () -> "the arguments of a call of task " + one.task()),
                            one.isUnderWay() && !above.contains(one.address())))
                    .toList();
        }
    }
}
