package io.drover.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import io.drover.journal.CallRecord;
import io.drover.journal.CallState;
import io.drover.journal.MirroredCalls;
import io.drover.journal.Mode;
import io.drover.journal.Submitter;
import io.drover.journal.TaskStatus;
import io.drover.journal.TaskView;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a shadow and its live task differ in first, and what the shadow spent. */
@Quick
class ComparisonTest {

    private static final TaskView LIVE = task(TaskStatus.COMPLETED, "{\"a\": 1, \"b\": 2}");
    private static final TaskView ALIKE = task(TaskStatus.COMPLETED, "{\"b\":2.0,\"a\":1}");

    private final CallRecord read = call("read", CallState.SUCCEEDED, "{}");
    private final CallRecord pay = call("pay", CallState.SUCCEEDED, "{}");

    @Test
    void anOutputIsComparedAsAValue() {
        assertThat(compare(List.of(read), List.of(read), ALIKE).difference()).isEqualTo(Difference.NONE);
        assertThat(compare(List.of(read), List.of(read), task(TaskStatus.COMPLETED, "{\"a\":1}"))
                        .difference())
                .isEqualTo(Difference.OUTPUT);
    }

    /** What a task that failed did not come to is no call that is missing. */
    @Test
    void theCallsComeBeforeTheEnd() {
        TaskView dead = task(TaskStatus.DEAD, null);

        assertThat(compare(List.of(read, pay), List.of(read), dead))
                .isEqualTo(new Comparison(Difference.OUTCOME, null, BigDecimal.ZERO));
        assertThat(compare(List.of(read, pay), List.of(read), ALIKE))
                .isEqualTo(new Comparison(Difference.MISSING, "pay", BigDecimal.ZERO));
        assertThat(compare(List.of(read, pay), List.of(read, call("pay", CallState.SUCCEEDED, "{}")), dead))
                .isEqualTo(new Comparison(Difference.ARGUMENTS, "pay", BigDecimal.ZERO));
        assertThat(compare(List.of(read), List.of(read, pay), ALIKE))
                .isEqualTo(new Comparison(Difference.EXTRA, "pay", BigDecimal.ZERO));
    }

    @Test
    void flagsModelsAndCallsThatFailedAreNoDifference() {
        assertThat(compare(
                                List.of(
                                        read,
                                        call("flag:x", CallState.SUCCEEDED, "{}"),
                                        call("pay", CallState.FAILED, null)),
                                List.of(read, call("model.default", CallState.SUCCEEDED, "{}")),
                                ALIKE)
                        .difference())
                .isEqualTo(Difference.NONE);
    }

    /** An answer that it heard was paid by the live task. */
    @Test
    void onlyWhatItAskedItselfIsSpent() {
        CallRecord heard = call("model.default", CallState.SUCCEEDED, "{\"usd\":1}");
        CallRecord own = call("model.default", CallState.SUCCEEDED, "{\"usd\":0.25}");
        CallRecord free = call("model.free", CallState.SUCCEEDED, "{}");

        assertThat(Comparison.of(LIVE, ALIKE, new MirroredCalls(List.of(), List.of(heard), List.of(own, free, pay)))
                        .usd())
                .isEqualByComparingTo("0.25");
    }

    private static Comparison compare(List<CallRecord> live, List<CallRecord> shadow, TaskView end) {
        return Comparison.of(LIVE, end, new MirroredCalls(live, shadow, List.of()));
    }

    private static CallRecord call(String tool, CallState state, String result) {
        Instant now = Instant.EPOCH;
        return new CallRecord(
                UUID.randomUUID(),
                UUID.randomUUID(),
                1,
                tool,
                state,
                1,
                1,
                0,
                null,
                "{}",
                result,
                result == null ? "{}" : null,
                now,
                now,
                null,
                null);
    }

    private static TaskView task(TaskStatus status, String output) {
        return new TaskView(
                UUID.randomUUID(),
                "w",
                null,
                status,
                null,
                4,
                1,
                1,
                null,
                null,
                null,
                new Submitter(null, null, null, false, Mode.SHADOW, 2),
                "stable@2",
                "{}",
                output,
                null,
                Instant.EPOCH,
                null,
                null,
                null,
                null,
                null);
    }
}
