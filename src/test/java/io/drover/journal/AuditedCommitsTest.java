package io.drover.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.drover.TestDatabase;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the chains of the audit log have of tasks and calls, by the statements that write these. */
class AuditedCommitsTest {

    private static final Tracks STABLE = new Tracks(0, Tracks.STABLE);

    private final HikariDataSource dataSource = new HikariDataSource();
    private final UUID worker = UUID.randomUUID();
    private JdbcClient owner;
    private PostgresFleet fleet;
    private PostgresTaskQueue queue;
    private PostgresJournal journal;

    @BeforeEach
    void open() {
        dataSource.setJdbcUrl(TestDatabase.ofTwoRoles());
        owner = TestDatabase.directly(dataSource.getJdbcUrl());
        fleet = new PostgresFleet(dataSource, STABLE);
        queue = new PostgresTaskQueue(dataSource, new Wakeups(fleet), STABLE, new LocalWorker(), List.of());
        journal = new PostgresJournal(dataSource, List.of());
        fleet.join(worker, "test", "test");
    }

    @AfterEach
    void close() {
        queue.destroy();
        journal.destroy();
        dataSource.close();
    }

    private List<String> lines() {
        return owner.sql("select unnest(string_to_array(body, E'\\n')) from audit_chain order by at")
                .query(String.class)
                .list();
    }

    private List<String> lines(String what, UUID task) {
        return lines().stream()
                .filter(line -> line.startsWith("[\"%s\", \"%s\"".formatted(what, task)))
                .toList();
    }

    private ClaimedTask begun(UUID task) {
        queue.submit(new NewTask(
                        task, "refunds \"big\"", "ann@example.com", "{\"amount\":12}", 4, Duration.ZERO, "bob", null))
                .join();
        return queue.claim(worker, List.of(new ClaimRequest("refunds \"big\"", 1, 77)), new Room(10, 1 << 20, 1, true))
                .getFirst();
    }

    private static CallRecord call(ClaimedTask task, int n, CallState state, String rule) {
        Instant now = Instant.now();
        return new CallRecord(
                task.id(),
                new UUID(7, n),
                n,
                "refund",
                state,
                1,
                task.token(),
                -42,
                null,
                "{\"email\":\"ann@example.com\"}",
                state == CallState.SUCCEEDED ? "{\"ok\":true}" : null,
                state == CallState.IN_DOUBT || state == CallState.FAILED ? "{}" : null,
                now,
                state == CallState.STARTED ? null : now,
                rule,
                null);
    }

    @Test
    void aTaskIsThereFromItsSubmissionToItsEnd() {
        UUID id = UUID.randomUUID();
        ClaimedTask task = begun(id);
        journal.record(call(task, 1, CallState.STARTED, "small \"one\" 1f")).join();
        journal.record(call(task, 1, CallState.SUCCEEDED, "small \"one\" 1f")).join();
        queue.end(task.lease(), new AttemptEnd.Completed("{\"name\":\"ann@example.com\"}"), List.of())
                .join();

        assertThat(lines("submitted", id))
                .singleElement()
                .asString()
                .startsWith("[\"submitted\", \"%s\", \"refunds \\\"big\\\"\", \"live\", null, \"".formatted(id));
        assertThat(lines("called", id))
                .hasSize(2)
                .element(1)
                .asString()
                .isEqualTo(
                        "[\"called\", \"%s\", 1, \"refund\", \"SUCCEEDED\", 1, -42, \"small \\\"one\\\" 1f\", null, null]"
                                .formatted(id));
        assertThat(lines("ended", id)).containsExactly("[\"ended\", \"%s\", \"COMPLETED\", 1, 77]".formatted(id));
        assertThat(lines()).noneMatch(line -> line.contains("ann") || line.contains("bob"));
    }

    @ParameterizedTest
    @EnumSource(
            value = CallState.class,
            names = {"STARTED", "SUCCEEDED", "FAILED", "IN_DOUBT"})
    void everyOutcomeOfACallIsThere(CallState state) {
        UUID id = UUID.randomUUID();
        ClaimedTask task = begun(id);
        journal.record(call(task, 1, CallState.STARTED, null)).join();
        if (state != CallState.STARTED) {
            journal.record(call(task, 1, state, null)).join();
        }

        assertThat(lines("called", id)).last().asString().contains("\"" + state + "\"");
    }

    /** What is opened: whoever has the row and its salt can show that it is the one that was recorded. */
    @Test
    void salted() throws Exception {
        UUID id = UUID.randomUUID();
        ClaimedTask task = begun(id);
        journal.record(call(task, 1, CallState.STARTED, null)).join();

        String salt =
                owner.sql("select salt::text from task").query(String.class).single();

        assertThat(lines("submitted", id).getFirst())
                .contains(commitment(salt, "bob\nann@example.com\n{\"amount\":12}"));
        assertThat(lines("called", id).getFirst()).contains(commitment(salt, new UUID(7, 1).toString()));
    }

    private static String commitment(String salt, String value) throws Exception {
        return Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest((salt + value).getBytes("UTF-8")));
    }

    @Test
    void whatAWorkerWithoutItsLeaseWritesIsNotThere() {
        UUID id = UUID.randomUUID();
        ClaimedTask task = begun(id);
        int before = lines().size();
        owner.sql("update task set status = 'QUEUED', worker = null, token = token + 1")
                .update();

        assertThat(journal.record(call(task, 1, CallState.STARTED, null)).join())
                .isFalse();
        assertThat(queue.end(task.lease(), new AttemptEnd.Completed("1"), List.of())
                        .join())
                .isFalse();
        assertThat(lines()).hasSize(before);
    }

    @Test
    void oneCommitOfManyIsOneRow() {
        List<CompletableFuture<Submission>> all = IntStream.range(0, 400)
                .mapToObj(i ->
                        queue.submit(new NewTask(UUID.randomUUID(), "w", null, "{}", 4, Duration.ZERO, null, null)))
                .toList();
        all.forEach(CompletableFuture::join);

        assertThat(lines().stream().filter(line -> line.startsWith("[\"submitted\"")))
                .hasSize(400);
        assertThat(owner.sql("select count(*) from audit_chain")
                        .query(Long.class)
                        .single())
                .isLessThan(100);
    }

    /** The deletes of retention, claims, heartbeats and waits leave no row. */
    @Test
    void whatIsNoEventLeavesNoRow() {
        UUID id = UUID.randomUUID();
        ClaimedTask task = begun(id);
        int before = lines().size();
        queue.end(task.lease(), new AttemptEnd.Retry("{\"message\":\"no\"}", Duration.ZERO), List.of())
                .join();
        fleet.promoteDue(10);
        owner.sql("delete from task where id = ?").param(id).update();

        assertThat(lines()).hasSize(before);
    }
}
