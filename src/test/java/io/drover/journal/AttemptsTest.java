package io.drover.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import com.zaxxer.hikari.HikariDataSource;
import io.drover.TestDatabase;
import io.drover.journal.TaskAttempt.Ending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is kept of the attempts at a task, on a real PostgreSQL. */
class AttemptsTest {

    private static final HikariDataSource DATA_SOURCE = new HikariDataSource();
    private static final Tracks STABLE = new Tracks(0, Tracks.STABLE);

    private static PostgresFleet fleet;
    private static PostgresTaskQueue queue;
    private static PostgresTaskStore store;
    private static JdbcClient jdbc;

    private UUID worker;

    @BeforeAll
    static void migrate() {
        DATA_SOURCE.setJdbcUrl(TestDatabase.migrated());
        jdbc = JdbcClient.create(DATA_SOURCE);
        fleet = new PostgresFleet(DATA_SOURCE, STABLE);
        queue = new PostgresTaskQueue(DATA_SOURCE, new Wakeups(fleet), STABLE, new LocalWorker(), List.of());
        store = new PostgresTaskStore(DATA_SOURCE);
    }

    @AfterAll
    static void close() {
        queue.destroy();
        DATA_SOURCE.close();
    }

    @BeforeEach
    void startEmpty() {
        jdbc.sql("truncate task, call, attempt, worker, audit").update();
        join("first");
    }

    @Test
    void everyAttemptHasItsTimesItsWorkerAndItsError() {
        UUID task = submit();
        retry(claim(), "{\"message\":\"one\"}");
        join("second");
        retry(claim(), "{\"message\":\"two\"}");
        end(claim(), new AttemptEnd.Released());
        claim();
        jdbc.sql("update worker set heartbeat_at = now() - interval '1 minute'").update();
        assertThat(fleet.takeOver(Duration.ofSeconds(12))).isEqualTo(1);
        join("third");
        ClaimedTask last = claim();

        assertThat(store.attempts(task))
                .extracting(TaskAttempt::n, TaskAttempt::worker, TaskAttempt::ending, TaskAttempt::error)
                .containsExactly(
                        tuple(1, "first", Ending.FAILED, "{\"message\":\"one\"}"),
                        tuple(2, "second", Ending.FAILED, "{\"message\":\"two\"}"),
                        tuple(3, "second", Ending.HANDED_OVER, null),
                        tuple(3, "second", Ending.WORKER_LOST, null),
                        tuple(3, "third", null, null));

        end(last, new AttemptEnd.Completed("1"));

        List<TaskAttempt> attempts = store.attempts(task);
        assertThat(attempts).hasSize(5).last().extracting(TaskAttempt::ending).isEqualTo(Ending.COMPLETED);
        assertThat(attempts).allSatisfy(attempt -> assertThat(attempt.endedAt()).isAfter(attempt.beganAt()));
        for (int i = 1; i < attempts.size(); i++) {
            assertThat(attempts.get(i).beganAt())
                    .isAfterOrEqualTo(attempts.get(i - 1).endedAt());
        }
    }

    @Test
    void aTaskThatCompletesAtOnceCostsNoRow() {
        List<UUID> tasks = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            tasks.add(submit());
        }
        List<CompletableFuture<Boolean>> ends = new ArrayList<>();
        for (ClaimedTask task : claim(20)) { // in one statement, beside one that fails
            boolean fails = task.id().equals(tasks.get(7));
            ends.add(queue.end(
                    task.lease(), fails ? new AttemptEnd.Dead("{\"message\":\"no\"}") : new AttemptEnd.Completed("1")));
        }

        assertThat(ends).allMatch(CompletableFuture::join);
        assertThat(jdbc.sql("select task_id from attempt").query(UUID.class).list())
                .containsExactly(tasks.get(7));
        assertThat(store.attempts(tasks.get(7)))
                .extracting(TaskAttempt::n, TaskAttempt::ending, TaskAttempt::error)
                .containsExactly(tuple(1, Ending.FAILED, "{\"message\":\"no\"}"));
        assertThat(store.attempts(tasks.get(3)))
                .extracting(TaskAttempt::n, TaskAttempt::ending)
                .containsExactly(tuple(1, Ending.COMPLETED));
    }

    @Test
    void anAttemptThatWaitsGoesOnWhereItBegan() {
        UUID task = submit();
        end(claim(), new AttemptEnd.Waiting(WaitReason.DELAY, Duration.ZERO, null));
        List<TaskAttempt> waiting = store.attempts(task);
        fleet.promoteDue(10);
        ClaimedTask again = claim();

        assertThat(waiting).singleElement().satisfies(attempt -> {
            assertThat(attempt.n()).isEqualTo(1);
            assertThat(attempt.ending()).isNull();
        });
        assertThat(store.attempts(task))
                .singleElement()
                .extracting(TaskAttempt::beganAt)
                .isEqualTo(waiting.getFirst().beganAt());

        retry(again, "{}");

        assertThat(store.attempts(task))
                .singleElement()
                .extracting(TaskAttempt::beganAt)
                .isEqualTo(waiting.getFirst().beganAt());
    }

    @Test
    void anAttemptAfterARedriveIsAnotherOne() {
        UUID task = submit();
        end(claim(), new AttemptEnd.Dead("{\"message\":\"no\"}"));
        jdbc.sql(
                        "update task set status = 'QUEUED', token = token + 1, attempt = 0, begun = null, error = null, finished_at = null")
                .update();
        claim();

        List<TaskAttempt> attempts = store.attempts(task);

        assertThat(attempts).extracting(TaskAttempt::n).containsExactly(1, 1);
        assertThat(attempts.getLast().beganAt())
                .isAfterOrEqualTo(attempts.getFirst().endedAt());
    }

    @Test
    void onlyTheNewestAreKept() {
        UUID task = submit();
        for (int i = 1; i <= TaskAttempt.MOST_KEPT + 7; i++) {
            retry(claim(), "{\"message\":\"%d\"}".formatted(i));
        }

        assertThat(store.attempts(task))
                .hasSize(TaskAttempt.MOST_KEPT)
                .extracting(TaskAttempt::n)
                .startsWith(8)
                .endsWith(TaskAttempt.MOST_KEPT + 7);
    }

    @Test
    void anEndThatIsRefusedIsNotKept() {
        UUID task = submit();
        ClaimedTask old = claim();
        jdbc.sql("update task set status = 'CANCELLED', token = token + 1, worker = null, finished_at = now()")
                .update();

        assertThat(queue.end(old.lease(), new AttemptEnd.Dead("{}")).join()).isFalse();

        assertThat(jdbc.sql("select count(*) from attempt").query(Integer.class).single())
                .isZero();
        assertThat(store.attempts(task)).singleElement().matches(attempt -> attempt.ending() == Ending.CANCELLED);
    }

    /** An earlier release claims without the columns, and ends without the rows. */
    @Test
    void whatAnEarlierReleaseRanIsShownAsFarAsItIsKnown() {
        UUID task = submit();
        retry(claim(), "{\"message\":\"one\"}");
        fleet.promoteDue(10);
        jdbc.sql("update task set status = 'RUNNING', worker = :worker, token = token + 1, attempt = attempt + 1")
                .param("worker", worker)
                .update();
        jdbc.sql("update task set status = 'WAITING', wait_reason = 'RETRY', worker = null, run_at = now()")
                .update();
        ClaimedTask third = claim();
        UUID old = submit();
        jdbc.sql(
                        "update task set status = 'COMPLETED', output = '1', attempt = 1, started_at = now(), finished_at = now() where id = :id")
                .param("id", old)
                .update();

        assertThat(third.attempt()).isEqualTo(3);
        assertThat(store.attempts(task)).extracting(TaskAttempt::n).containsExactly(1, 3);
        assertThat(store.attempts(old)).singleElement().satisfies(attempt -> {
            assertThat(attempt.n()).isEqualTo(1);
            assertThat(attempt.beganAt()).isNotNull();
            assertThat(attempt.ending()).isEqualTo(Ending.COMPLETED);
        });
    }

    private void join(String name) {
        worker = UUID.randomUUID();
        fleet.join(worker, name, "test");
    }

    private UUID submit() {
        UUID id = UUID.randomUUID();
        queue.submit(new NewTask(id, "w", null, "{}", 4, Duration.ZERO, null, null))
                .join();
        return id;
    }

    private ClaimedTask claim() {
        fleet.promoteDue(10);
        return claim(1).getFirst();
    }

    private List<ClaimedTask> claim(int limit) {
        return queue.claim(worker, List.of(new ClaimRequest("w", limit, 1)), new Room(limit, 1_000_000, 10, true));
    }

    private void retry(ClaimedTask task, String error) {
        end(task, new AttemptEnd.Retry(error, Duration.ZERO));
    }

    private void end(ClaimedTask task, AttemptEnd end) {
        assertThat(queue.end(task.lease(), end).join()).isTrue();
    }
}
