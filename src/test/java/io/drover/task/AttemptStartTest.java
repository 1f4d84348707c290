package io.drover.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.drover.api.ApiTestBase;
import io.drover.hold.Hold;
import io.drover.hold.Holds;
import io.drover.hold.HoldsInForce;
import io.drover.journal.ClaimRequest;
import io.drover.journal.ClaimedTask;
import io.drover.journal.QueueState;
import io.drover.journal.Room;
import io.drover.journal.TaskQueue;
import io.drover.journal.TaskStatus;
import io.drover.journal.Wakeups;
import io.drover.who.Actor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** A task whose attempt cannot begin, or meets a class that cannot be loaded, is neither lost nor kept for ever. */
class AttemptStartTest extends ApiTestBase {

    private static final long DEFINITION = 4711;

    @Autowired
    TaskService tasks;

    @Autowired
    TaskQueue queue;

    @Autowired
    QueueState state;

    @Autowired
    WorkflowRegistry workflows;

    @Autowired
    Wakeups wakeups;

    @Autowired
    AttemptRunner runner;

    @Autowired
    WorkerIdentity identity;

    @Autowired
    HoldsInForce holds;

    @Test
    void anAttemptThatALinkageErrorEndsHasFailed() {
        AtomicInteger attempts = new AtomicInteger();
        Workflow unlinked = workflow("unlinked", attempt -> {
            attempts.incrementAndGet();
            throw new NoClassDefFoundError("org/example/Gone");
        });
        workflows.put(unlinked);
        try {
            UUID task = submit("unlinked");

            await().until(() -> state.progress(task).status().isTerminal());

            assertThat(state.progress(task).status()).isEqualTo(TaskStatus.DEAD);
            assertThat(state.progress(task).error()).contains("NoClassDefFoundError", "org/example/Gone");
            assertThat(attempts).as("each failed attempt counts").hasValue(2);
            await().until(() -> unlinked.running() == 0);
        } finally {
            workflows.remove(unlinked.routeId());
        }
    }

    @Test
    void aTaskWhoseAttemptGetsNoThreadIsGivenBackAndRuns() {
        Workflow threadless = workflow("threadless", attempt -> "1");
        workflows.put(threadless);
        Hold hold = holds.set(
                        new Holds.Request(Hold.Kind.WORKFLOW, "threadless", "the test claims its task", null),
                        Actor.service("test"))
                .hold();
        try {
            UUID task = submit("threadless");
            List<ClaimedTask> claimed =
                    queue.claim(identity.id(), List.of(new ClaimRequest("threadless", 1, DEFINITION)), Room.of(1));
            assertThat(claimed).extracting(ClaimedTask::id).containsExactly(task);
            RunningAttempts attempts =
                    new RunningAttempts(queue, workflows, wakeups, runner, new InFlight(1 << 20), () -> true, work -> {
                        throw new NoClassDefFoundError("org/example/Gone");
                    });

            assertThatThrownBy(() -> attempts.begin(new Claims.Resumed(claimed, Map.of(), Map.of())))
                    .isInstanceOf(NoClassDefFoundError.class);

            assertThat(attempts.byLease()).as("no heartbeat keeps its lease").isEmpty();
            assertThat(threadless.running()).as("its place is free").isZero();
            holds.release(hold.id(), Actor.service("test"));
            await().until(() -> state.progress(task).status() == TaskStatus.COMPLETED);
        } finally {
            holds.release(hold.id(), Actor.service("test"));
            workflows.remove(threadless.routeId());
        }
    }

    private static Workflow workflow(String name, Workflow.Runner runner) {
        WorkflowSpec spec =
                new WorkflowSpec(name, 2, Duration.ofMinutes(1), 10, Duration.ofMillis(1), 4, WorkerKind.PROCESS, null);
        return new Workflow(spec, "test-" + name, DEFINITION, runner);
    }

    private UUID submit(String workflow) {
        return tasks.submit(new Submit(workflow, null, "{}", null, Duration.ZERO, "test"))
                .join()
                .id();
    }
}
