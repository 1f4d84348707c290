package io.drover.shadow;

import io.drover.journal.CallRecord;
import io.drover.journal.CallState;
import io.drover.journal.MirroredCalls;
import io.drover.journal.TaskStatus;
import io.drover.journal.TaskView;
import io.drover.json.Json;
import io.drover.json.Recorded;
import io.drover.tool.ToolSpec;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a shadow differs from its live task. What a model was asked is no difference by itself: what follows from its answer is.
 *
 * @param tool of the first call in which they differ, or null
 * @param usd  what the shadow's own questions to models cost
 */
public record Comparison(Difference difference, @Nullable String tool, BigDecimal usd) {

    static Comparison of(TaskView live, TaskView shadow, MirroredCalls calls) {
        return of(live.output(), shadow.status(), shadow.output(), calls);
    }

    /**
     * Compares a task that has completed with its shadow.
     *
     * @param live   the output of the one, a JSON document or null
     * @param status what became of the shadow
     * @param output of the shadow, a JSON document or null
     */
    public static Comparison of(
            @Nullable String live, TaskStatus status, @Nullable String output, MirroredCalls calls) {
        Set<UUID> heard = addresses(calls.live());
        BigDecimal usd = calls.unheard().stream()
                .filter(call -> call.tool().startsWith(ToolSpec.MODEL))
                .map(Comparison::usd)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        Set<UUID> made = addresses(calls.shadow());
        CallRecord extra = first(calls.shadow(), heard);
        CallRecord missing = first(calls.live(), made);
        if (extra != null) {
            boolean both = calls.live().stream()
                    .anyMatch(call ->
                            call.tool().equals(extra.tool()) && isCompared(call) && !made.contains(call.address()));
            return new Comparison(both ? Difference.ARGUMENTS : Difference.EXTRA, extra.tool(), usd);
        }
        if (status != TaskStatus.COMPLETED) { // what it did not come to is not missing
            return new Comparison(Difference.OUTCOME, null, usd);
        }
        if (missing != null) {
            return new Comparison(Difference.MISSING, missing.tool(), usd);
        }
        boolean same = canonical(live).equals(canonical(output));
        return new Comparison(same ? Difference.NONE : Difference.OUTPUT, null, usd);
    }

    private static String canonical(@Nullable String output) {
        return Json.canonical(Recorded.tree(output == null ? "null" : output, () -> "the output of a task"));
    }

    private static Set<UUID> addresses(List<CallRecord> calls) {
        return calls.stream().map(CallRecord::address).collect(Collectors.toSet());
    }

    private static @Nullable CallRecord first(List<CallRecord> calls, Set<UUID> others) {
        return calls.stream()
                .filter(call -> isCompared(call) && !others.contains(call.address()))
                .findFirst()
                .orElse(null);
    }

    /** A flag is no call, and one that failed was not made, or not for good. */
    private static boolean isCompared(CallRecord call) {
        return call.state() == CallState.SUCCEEDED
                && !call.tool().startsWith(ToolSpec.MODEL)
                && !call.tool().startsWith("flag:");
    }

    private static BigDecimal usd(CallRecord call) {
        return call.result() == null
                ? BigDecimal.ZERO
                : Recorded.tree(call.result(), () -> "call %d of task %s".formatted(call.n(), call.taskId()))
                        .path("usd")
                        .decimalValue();
    }
}
