package io.drover.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.drover.TestDatabase;
import io.drover.encryption.Keysets;
import io.drover.encryption.Rekey;
import io.drover.encryption.SealedValueException;
import io.drover.encryption.Seals;
import io.drover.json.Digest;
import io.drover.json.Redaction;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Two processes at one database, of which one lacks the key. */
class SealedQueueTest {

    private static final Tracks STABLE = new Tracks(0, Tracks.STABLE);
    private static final Room ROOM = new Room(10, 1_000_000, 10, true);

    @TempDir
    Path directory;

    private final HikariDataSource pool = new HikariDataSource();
    private final UUID worker = UUID.randomUUID();
    private JdbcClient jdbc;
    private PostgresTaskQueue knowing;
    private PostgresTaskQueue without;
    private PostgresJournal journal;
    private PostgresJournal withoutKey;
    private DataSource sealed;
    private Path keyset;
    private PostgresFleet fleet;

    @BeforeEach
    void open() {
        pool.setJdbcUrl(TestDatabase.ofTwoRoles());
        jdbc = TestDatabase.directly(pool.getJdbcUrl());
        keyset = Keysets.create(directory);
        sealed = Seals.with(keyset, true).on(pool);
        fleet = new PostgresFleet(sealed, STABLE);
        fleet.join(worker, "test", "test");
        knowing = queue(sealed);
        without = queue(pool);
        journal = new PostgresJournal(sealed, List.of());
        withoutKey = new PostgresJournal(pool, List.of());
    }

    private PostgresTaskQueue queue(DataSource database) {
        return new PostgresTaskQueue(database, new Wakeups(fleet), STABLE, new LocalWorker(), List.of());
    }

    @AfterEach
    void close() {
        knowing.destroy();
        without.destroy();
        journal.destroy();
        withoutKey.destroy();
        pool.close();
    }

    @Test
    void aTaskWhoseKeyIsMissingIsGivenBackWithoutAnAttempt() {
        UUID task = submit("{\"secret\":\"no-digits\"}");
        assertThat(jdbc.sql("select input::text from task").query(String.class).single())
                .startsWith("\"drv1:");

        assertThat(claim(without)).isEmpty();

        await().untilAsserted(() -> assertThat(row(task))
                .containsEntry("status", "WAITING")
                .containsEntry("wait_reason", "DELAY")
                .containsEntry("attempt", 0));
        PostgresTaskStore pages = new PostgresTaskStore(pool);
        TaskView seen = pages.find(task).orElseThrow();
        assertThat(seen.error()).contains("sealed with key", "which this process does not have");
        assertThat(seen.input()).contains("sealed with key").doesNotContain("no-digits");
        assertThat(pages.list(null, null, 10, null)).hasSize(1);
        assertThat(jdbc.sql("select run_at > now() + interval '20 s' from task")
                        .query(Boolean.class)
                        .single())
                .isTrue();

        jdbc.sql("update task set status = 'QUEUED', wait_reason = null, run_at = now()")
                .update();
        List<ClaimedTask> claimed = claim(knowing);
        assertThat(claimed).singleElement().satisfies(one -> {
            assertThat(one.input()).isEqualTo("{\"secret\":\"no-digits\"}");
            assertThat(one.attempt()).isEqualTo(1);
        });
    }

    @Test
    void callsAreSealedAndReplayedOnlyWithTheirKey() {
        UUID task = submit("1");
        ClaimedTask claimed = claim(knowing).getFirst();
        CallRecord call = new CallRecord(
                task,
                UUID.randomUUID(),
                1,
                "t",
                CallState.SUCCEEDED,
                1,
                claimed.token(),
                1,
                null,
                "{\"card\":\"no-digits\"}",
                "{\"paid\":\"no-digits\"}",
                null,
                Instant.EPOCH,
                Instant.EPOCH,
                null,
                null);
        assertThat(journal.record(call).join()).isTrue();
        assertThat(jdbc.sql("select arguments::text || result from call")
                        .query(String.class)
                        .single())
                .doesNotContain("no-digits");
        assertThat(journal.callsToUse(List.of(task)).get(task)).containsExactly(call);
        assertThatThrownBy(() -> withoutKey.callsToUse(List.of(task))).isInstanceOf(SealedValueException.class);
        assertThat(new PostgresTaskStore(pool).calls(task).getFirst().result()).contains("sealed with key");
    }

    @Test
    void anEqualSubmissionIsKnownAndAnotherIsNot() {
        NewTask task = new NewTask(TaskIds.of("w", "k"), "w", "k", "{\"a\":1}", 5, Duration.ZERO, null, (String) null);
        NewTask equal =
                new NewTask(TaskIds.of("w", "k"), "w", "k", "{ \"a\" : 1.0 }", 5, Duration.ZERO, null, (String) null);
        NewTask other = new NewTask(TaskIds.of("w", "k"), "w", "k", "{\"a\":2}", 5, Duration.ZERO, null, (String) null);
        assertThat(knowing.submit(task).join()).isInstanceOf(Submission.Accepted.class);
        assertThat(knowing.submit(equal).join()).isInstanceOf(Submission.Known.class);
        assertThat(knowing.submit(other).join()).isInstanceOf(Submission.Conflict.class);
    }

    @Test
    void swappedInputsAreRefused() {
        UUID one = submit("\"of one\"");
        UUID other = submit("\"of another\"");
        jdbc.sql(
                        """
                        update task t set input = o.input from task o where o.id <> t.id
                        """)
                .update();
        assertThat(claim(knowing)).isEmpty();
        await().untilAsserted(() -> assertThat(List.of(row(one), row(other)))
                .allSatisfy(row -> assertThat(row).containsEntry("attempt", 0).containsEntry("status", "WAITING")));
        assertThat(new PostgresTaskStore(sealed).find(one).orElseThrow().error())
                .contains("task.input of row " + one, "was moved there");
    }

    @Test
    void whoReadsTheDatabaseCannotConfirmAGuessByAnAddress() {
        UUID task = submit("1");
        UUID other = submit("1");

        Map<UUID, Addresses> addresses =
                claim(knowing).stream().collect(Collectors.toMap(ClaimedTask::id, ClaimedTask::addresses));

        String[] content = {task.toString(), "pay", "{\"card\":\"no-digits\"}", "1"};
        UUID address = addresses.get(task).of(content);
        assertThat(address).isEqualTo(addresses.get(task).of(content)).isNotEqualTo(Digest.uuid(content));
        assertThat(addresses.get(other).of(content)).isNotEqualTo(address);
        assertThat(jdbc.sql("select count(*) from task where address_key like 'drv1:%'")
                        .query(Integer.class)
                        .single())
                .isEqualTo(2);
    }

    /** Also where it begins in the statement that stores it. */
    @Test
    void aTaskKeepsItsAddressesWhateverKeySeals() {
        UUID task = submit("1");
        UUID first = claim(knowing).getFirst().addresses().of("content");
        UUID resubmitted = Addresses.with(Seals.of(sealed).addressKey(task)).of("content");
        assertThat(resubmitted).isEqualTo(first);

        Path rotated = Keysets.rotate(directory, keyset);
        for (Seals seals : List.of(Seals.with(rotated, true), Seals.with(rotated, false))) {
            new Rekey(pool, seals).run(false);
            jdbc.sql("update task set status = 'QUEUED', worker = null").update();
            PostgresTaskQueue queue = queue(seals.on(pool));
            try {
                assertThat(claim(queue))
                        .singleElement()
                        .extracting(one -> one.addresses().of("content"))
                        .isEqualTo(first);
            } finally {
                queue.destroy();
            }
        }
    }

    @Test
    void aCallbackHasTheKeyOfTheTaskThatItTellsOf() {
        UUID task = UUID.randomUUID();
        knowing.submit(new NewTask(
                        task,
                        "w",
                        null,
                        null,
                        "1",
                        5,
                        Duration.ZERO,
                        new Submitter("ann", null),
                        "tell",
                        Redaction.NONE))
                .join();
        ClaimedTask claimed = claim(knowing).getFirst();
        assertThat(knowing.end(claimed.lease(), new AttemptEnd.Completed("\"no-digits\""), List.of())
                        .join())
                .isTrue();

        for (boolean again : List.of(false, true)) {
            if (again) { // the key is then sealed for the callback itself
                new Rekey(pool, Seals.with(Keysets.rotate(directory, keyset), false)).run(false);
                new Rekey(pool, Seals.of(sealed)).run(false);
                jdbc.sql("update task set status = 'QUEUED', worker = null where workflow = 'on-end'")
                        .update();
            }
            assertThat(knowing.claim(worker, List.of(new ClaimRequest("on-end", 10, 1)), ROOM))
                    .singleElement()
                    .extracting(one -> one.addresses().of("content"))
                    .isEqualTo(claimed.addresses().of("content"));
        }
    }

    @Test
    void aKeyThatWasMovedIsRefused() {
        UUID one = submit("1");
        UUID other = submit("2");
        jdbc.sql("update task t set address_key = o.address_key from task o where o.id <> t.id")
                .update();
        assertThat(claim(knowing)).isEmpty();
        await().untilAsserted(() -> assertThat(List.of(row(one), row(other)))
                .allSatisfy(row -> assertThat(row).containsEntry("attempt", 0).containsEntry("status", "WAITING")));
    }

    private UUID submit(String input) {
        UUID id = UUID.randomUUID();
        knowing.submit(new NewTask(id, "w", null, input, 5, Duration.ZERO, null, (String) null))
                .join();
        return id;
    }

    private List<ClaimedTask> claim(PostgresTaskQueue queue) {
        return queue.claim(worker, List.of(new ClaimRequest("w", 10, 1)), ROOM);
    }

    private Map<String, Object> row(UUID task) {
        return jdbc.sql("select status, wait_reason, attempt from task where id = ?")
                .param(task)
                .query()
                .singleRow();
    }
}
