package io.drover.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Equal calls of parts that go on beside each other: each part finds its own again. */
@Quick
class CallScopeTest {

    private static final UUID TASK = UUID.randomUUID();
    private static final CallScope ADDRESSES = new CallScope(TASK, null);

    @Test
    void aPartFindsItsOwnCallAgainWhateverTheOrder() {
        CallScope scope = after("/s1", "/s0");

        assertThat(next(scope, "/s0")).isEqualTo(2);
        assertThat(next(scope, "/s1")).isEqualTo(1);
        assertThat(next(scope, "/s1")).as("a new one").isEqualTo(3);
    }

    @Test
    void aPartThatComesFirstTakesNotWhatAnotherWillAskFor() {
        CallScope scope = after("/s1");

        assertThat(next(scope, "/s0")).isEqualTo(2);
        assertThat(next(scope, "/s1")).isEqualTo(1);
    }

    @Test
    void thePartsOfAPartAreToldApartToo() {
        CallScope scope = after("/s1/m0", "/s0/m1", "/s0/m0");

        assertThat(next(scope, "/s0/m0")).isEqualTo(3);
        assertThat(next(scope, "/s0/m2")).isEqualTo(4);
        assertThat(next(scope, "/s0/m1")).isEqualTo(2);
        assertThat(next(scope, "/s1/m0")).isEqualTo(1);
    }

    @Test
    void theCallsOfOnePartKeepTheirOrder() {
        CallScope scope = after("/s0", "/s1", "/s0");

        assertThat(next(scope, "/s0")).isEqualTo(1);
        assertThat(next(scope, "/s0")).isEqualTo(3);
        assertThat(next(scope, "/s1")).isEqualTo(2);
    }

    /** A split that became a loop, a step that was put around another: nothing that is done is done again. */
    @Test
    void whereTheRouteWasEditedTheLowestIsTaken() {
        assertThat(next(after("/s0", "/s1"), "")).isEqualTo(1);
        assertThat(next(after((String) null), "/s0")).isEqualTo(1);
        assertThat(next(after("/s1"), "/s1/m0")).isEqualTo(1);
        assertThat(next(after("/s1"), "/m0")).isEqualTo(1);
        assertThat(next(after("/s0/m1"), "/s0")).isEqualTo(1);
    }

    @Test
    void whatWasForgottenLeavesAGap() {
        List<CallRecord> records = records("/s0", "/s1");

        CallScope scope = new CallScope(TASK, attempt(records.subList(1, 2)));

        assertThat(next(scope, "/s0")).isEqualTo(1);
        assertThat(next(scope, "/s1")).isEqualTo(2);
    }

    @Test
    void whatIsGivenBackIsNext() {
        CallScope scope = after("/s0", "/s1");
        assertThat(next(scope, "/s1")).isEqualTo(2);

        scope.giveBack(ADDRESSES.address("pay", "{}", 2), "pay", "{}");

        assertThat(scope.peekAddress("/s1", "pay", "{}")).isEqualTo(ADDRESSES.address("pay", "{}", 2));
        assertThat(next(scope, "/s1")).isEqualTo(2);
    }

    private static int next(CallScope scope, String branch) {
        UUID address = scope.nextAddress(branch, "pay", "{}");
        int occurrence = 1;
        while (!ADDRESSES.address("pay", "{}", occurrence).equals(address)) {
            occurrence++;
        }
        return occurrence;
    }

    private static CallScope after(@Nullable String... branches) {
        return new CallScope(TASK, attempt(records(branches)));
    }

    private static List<CallRecord> records(@Nullable String... branches) {
        List<CallRecord> records = new ArrayList<>();
        for (String branch : branches) {
            int n = records.size() + 1;
            records.add(new CallRecord(
                    TASK,
                    ADDRESSES.address("pay", "{}", n),
                    n,
                    "pay",
                    CallState.SUCCEEDED,
                    1,
                    1,
                    1,
                    null,
                    "{}",
                    "{}",
                    null,
                    Instant.EPOCH,
                    Instant.EPOCH,
                    null,
                    branch));
        }
        return records;
    }

    private static Attempt attempt(List<CallRecord> records) {
        ClaimedTask task = new ClaimedTask(
                TASK, "paying", null, 2, 2, "{}", Instant.EPOCH, null, Instant.EPOCH, null, 0, 0, null, false);
        return new Attempt(task, records);
    }
}
