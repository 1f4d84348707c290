package io.drover.guard;

import io.drover.journal.Attempt;
import io.drover.journal.CallRecord;
import io.drover.journal.CallsUnderWay;
import io.drover.json.Recorded;
import io.drover.rules.TaskHistory;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** What a task has done before a call, as its journal and its calls that are under way say. */
final class RecordedHistory implements TaskHistory {

    private final Attempt attempt;
    private final UUID address;
    private final UUID caller;

    RecordedHistory(GuardedCall call) {
        this.attempt = call.attempt();
        this.address = call.identity().address();
        this.caller = call.identity().context().scope().caller();
    }

    @Override
    public BigDecimal cost() {
        return ModelCost.usd(attempt);
    }

    @Override
    public Collection<Earlier> calls(String tool) {
        List<Earlier> calls = new ArrayList<>();
        Set<UUID> seen = new HashSet<>(Set.of(address));
        for (CallsUnderWay.Call call : attempt.calls().before(address, tool)) {
            seen.add(call.address());
            // one whose steps make this call does not end before it
            boolean open = !attempt.calls().isWithin(caller, call.address());
            calls.add(new Earlier(
                    () -> Recorded.tree(call.arguments(), () -> "the arguments of a call that is under way"), open));
        }
        attempt.recordedOf(tool)
                .filter(call -> call.tool().equals(tool) && mayHaveTakenEffect(call) && seen.add(call.address()))
                .forEach(call -> calls.add(new Earlier(() -> RecordedCalls.arguments(call), false)));
        return calls;
    }

    /** A call that was refused, failed, or was answered by another tool uses no limit up. */
    private static boolean mayHaveTakenEffect(CallRecord call) {
        return switch (call.state()) {
            case SUCCEEDED, STARTED -> call.fallback() == null;
            case IN_DOUBT -> SameEffect.conflict(call) == null;
            case FAILED, AGAIN, PENDING, REJECTED, FORGOTTEN -> false;
        };
    }
}
