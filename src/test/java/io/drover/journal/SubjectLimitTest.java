package io.drover.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.drover.TestDatabase;
import io.drover.journal.Journal.Begin;
import io.drover.journal.SubjectLimit.Room;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Two processes let calls begin that have something in common: together they let no more begin than the limit says. */
class SubjectLimitTest {

    private static final HikariDataSource DATA_SOURCE = new HikariDataSource();
    private static final List<PostgresJournal> JOURNALS = new ArrayList<>();
    private static JdbcClient jdbc;

    @BeforeAll
    static void migrate() {
        DATA_SOURCE.setJdbcUrl(TestDatabase.ofTwoRoles());
        jdbc = TestDatabase.directly(DATA_SOURCE.getJdbcUrl());
        JOURNALS.add(new PostgresJournal(DATA_SOURCE, List.of()));
        JOURNALS.add(new PostgresJournal(DATA_SOURCE, List.of()));
    }

    @AfterAll
    static void close() {
        JOURNALS.forEach(PostgresJournal::destroy);
        DATA_SOURCE.close();
    }

    /** As a rule that counts: what is under way is not counted, and has the call wait. */
    private record AtMost(int most, Collection<UUID> subjects) implements SubjectLimit {

        @Override
        public Duration within() {
            return Duration.ofHours(1);
        }

        @Override
        public Room judge(List<Earlier> earlier) {
            return earlier.stream().anyMatch(Earlier::isUnderWay)
                    ? Room.OPEN
                    : earlier.stream().map(Earlier::address).distinct().count() >= most ? Room.FULL : Room.FREE;
        }
    }

    /** As a rule that only wants to know whether there are too many, however they end. */
    private record NoMoreThan(int most, Collection<UUID> subjects) implements SubjectLimit {

        @Override
        public Duration within() {
            return Duration.ofHours(1);
        }

        @Override
        public Room judge(List<Earlier> earlier) {
            return earlier.stream().map(Earlier::address).distinct().count() >= most ? Room.FULL : Room.FREE;
        }
    }

    private static UUID running() {
        return running(1);
    }

    private static UUID running(int token) {
        UUID task = UUID.randomUUID();
        jdbc.sql(
                        "insert into task (id, workflow, status, input, token, worker, attempt) values (?, 'w', 'RUNNING', '{}', ?, gen_random_uuid(), 1)")
                .param(task)
                .param(token)
                .update();
        return task;
    }

    private static CallRecord call(UUID task, UUID address, CallState state) {
        Instant now = Instant.now();
        boolean ended = state != CallState.STARTED;
        return new CallRecord(
                task,
                address,
                1,
                "t",
                state,
                1,
                1,
                0,
                null,
                "{}",
                state == CallState.SUCCEEDED ? "{}" : null,
                state == CallState.FAILED ? "{\"message\":\"no\"}" : null,
                now,
                ended ? now : null,
                null,
                null);
    }

    private static CompletableFuture<Begin> begin(int journal, UUID task, UUID address, SubjectLimit limit) {
        return JOURNALS.get(journal)
                .begin(
                        new BeginRequest(
                                call(task, address, CallState.STARTED), List.of("all"), null, null, List.of(), limit),
                        List.of());
    }

    @Test
    void twoProcessesLetNoMoreBeginThanTheLimitSays() {
        UUID subject = UUID.randomUUID();
        UUID other = UUID.randomUUID();
        List<UUID> tasks = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            tasks.add(running());
        }
        List<CompletableFuture<Begin>> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < tasks.size(); i++) {
                int n = i;
                // some have a second subject, in another order
                List<UUID> subjects = n % 3 == 0 ? List.of(other, subject) : List.of(subject);
                all.add(CompletableFuture.supplyAsync(
                        () -> begin(n % 2, tasks.get(n), UUID.randomUUID(), new NoMoreThan(7, subjects))
                                .join(),
                        threads));
            }
        }

        List<Begin> begins = all.stream().map(CompletableFuture::join).toList();

        assertThat(begins.stream().filter(Begin.Begun.class::isInstance)).hasSize(7);
        assertThat(begins.stream().filter(new Begin.NoRoom(Room.FULL)::equals)).hasSize(73);
        assertThat(count("select count(*) from call_subject where subject = '%s'".formatted(subject)))
                .isEqualTo(7);
        assertThat(count(
                        "select count(*) from call where task_id in (select task_id from call_subject where subject = '%s')"
                                .formatted(subject)))
                .isEqualTo(7);
    }

    @Test
    void oneThatIsUnderWayIsWaitedForAndOneThatFailedCountsNoMore() {
        Set<UUID> subject = Set.of(UUID.randomUUID());
        UUID first = running();
        UUID address = UUID.randomUUID();
        assertThat(begin(0, first, address, new AtMost(1, subject)).join()).isInstanceOf(Begin.Begun.class);

        assertThat(begin(1, running(), UUID.randomUUID(), new AtMost(1, subject))
                        .join())
                .isEqualTo(new Begin.NoRoom(Room.OPEN));
        JOURNALS.get(0).record(call(first, address, CallState.FAILED)).join();
        UUID second = running();
        UUID taken = UUID.randomUUID();
        assertThat(begin(1, second, taken, new AtMost(1, subject)).join()).isInstanceOf(Begin.Begun.class);
        JOURNALS.get(1).record(call(second, taken, CallState.SUCCEEDED)).join();

        assertThat(begin(0, first, address, new AtMost(1, subject)).join()).isEqualTo(new Begin.NoRoom(Room.FULL));
        assertThat(count("select count(*) from call where state = 'FAILED' and task_id = '%s'".formatted(first)))
                .as("nothing is written of a call without room")
                .isOne();
    }

    /** Nobody ends a call whose task a person cancelled while it was under way. */
    @Test
    void oneWhoseTaskHasEndedIsCountedAndNotWaitedFor() {
        Set<UUID> subject = Set.of(UUID.randomUUID());
        UUID cancelled = running();
        begin(0, cancelled, UUID.randomUUID(), new AtMost(1, subject)).join();
        jdbc.sql("update task set status = 'CANCELLED', worker = null, finished_at = now(), token = 2 where id = ?")
                .param(cancelled)
                .update();

        assertThat(begin(1, running(), UUID.randomUUID(), new AtMost(1, subject))
                        .join())
                .isEqualTo(new Begin.NoRoom(Room.FULL));
    }

    /** Who has lost the lease writes nothing, and uses nothing up. */
    @Test
    void aBeginThatIsRefusedUsesNothingUp() {
        Set<UUID> subject = Set.of(UUID.randomUUID());
        UUID lost = running(2); // by another worker

        assertThat(begin(0, lost, UUID.randomUUID(), new AtMost(1, subject)).join())
                .isInstanceOf(Begin.Refused.class);

        assertThat(begin(1, running(), UUID.randomUUID(), new AtMost(1, subject))
                        .join())
                .isInstanceOf(Begin.Begun.class);
    }

    private static int count(String sql) {
        return jdbc.sql(sql).query(Integer.class).single();
    }
}
