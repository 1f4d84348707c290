package io.drover.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.guard.PlannedCalls;
import io.drover.guard.TaskContext;
import io.drover.guard.ToolRegistry;
import io.drover.journal.Attempt;
import io.drover.journal.CallRecord;
import io.drover.journal.ChildCalls;
import io.drover.journal.ClaimedTask;
import io.drover.journal.Journal;
import io.drover.task.ChildProperties;
import io.drover.task.Submit;
import io.drover.task.TaskService;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Limits of children hold for those that are submitted now, and not for those that are recorded. */
class LoweredLimitsTest extends WaitsTestBase {

    @Autowired
    ChildCalls calls;

    @Autowired
    TaskService tasks;

    @Autowired
    RecordedSteps steps;

    @Autowired
    PlannedCalls plans;

    @Autowired
    Journal journal;

    @Autowired
    ToolRegistry tools;

    @Test
    void whatAnEarlierAttemptAwaitedIsNotRefusedByALowerLimit() {
        String items = "{\"items\":[{\"name\":\"%s-1\"},{\"name\":\"%s-2\"}]}".formatted(name, name);
        UUID parent = UUID.fromString(submit("awaits-list", items));
        output(parent.toString());
        List<CallRecord> recorded = journal.callsToUse(List.of(parent)).get(parent);
        TaskContext next = new TaskContext(new Attempt(claimed(parent), recorded), tools.current());
        AwaitedChildren lowered = new AwaitedChildren(calls, tasks, steps, new ChildProperties(1, 1), plans);

        for (int n = 1; n <= 2; n++) {
            AwaitedChildren.Child child =
                    lowered.await(next, leaf("{\"name\":\"%s-%d\"}".formatted(name, n)), false, false);

            assertThat(child.isOpen()).isFalse();
        }
        assertThatThrownBy(() -> lowered.await(next, leaf("{}"), false, false))
                .hasMessageContaining("would be child 3 of its parent");
    }

    private static Submit leaf(String input) {
        return new Submit("leaf", null, input, null, Duration.ZERO, "ada");
    }

    private static ClaimedTask claimed(UUID task) {
        return new ClaimedTask(
                task, "awaits-list", null, 9, 1, "{}", Instant.EPOCH, "ada", Instant.EPOCH, null, 0, 0, null, false);
    }
}
