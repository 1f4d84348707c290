package io.drover.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.drover.TestDatabase;
import io.drover.start.Listeners;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What becomes of a batch when a write breaks in this process, before or after PostgreSQL has it. */
class GroupCommitTest {

    private static final Listeners<CommitListener> NOBODY = new Listeners<>(List.of());
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final HikariDataSource dataSource = new HikariDataSource();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch all = new CountDownLatch(1);
    private final AtomicInteger executions = new AtomicInteger();
    private final Set<Integer> backends = ConcurrentHashMap.newKeySet();

    /** What happens beside the insert. */
    private interface Fault {
        void happen(List<Integer> items, int execution);
    }

    @BeforeEach
    void create() {
        dataSource.setJdbcUrl(TestDatabase.create());
        dataSource.setMaximumPoolSize(1);
        JdbcClient.create(dataSource)
                .sql("create table number (n int primary key)")
                .update();
    }

    @AfterEach
    void close() {
        dataSource.close();
    }

    @Test
    void aFaultThatPassesFailsNoWrite() {
        List<CompletableFuture<Integer>> writes = write(40, (items, execution) -> {
            if (execution == 2) {
                throw new IllegalStateException("once");
            }
        });

        assertThat(refused(writes)).isEmpty();
        assertThat(backends)
                .as("the connection on which it broke is not used again")
                .hasSize(2);
    }

    @Test
    void aWriteThatBreaksFailsAlone() {
        List<CompletableFuture<Integer>> writes = write(40, (items, execution) -> {
            if (items.contains(17)) {
                throw new StackOverflowError("too deep");
            }
        });

        assertThat(refused(writes)).containsExactly(17);
    }

    @Test
    void noWriteFailsWhileMemoryIsShort() {
        List<CompletableFuture<Integer>> writes = write(1, (items, execution) -> {
            if (execution > 1 && execution < 6) {
                throw new OutOfMemoryError("Java heap space");
            }
        });

        assertThat(refused(writes)).isEmpty();
    }

    @Test
    void aWriteThatNeverFitsTheMemoryDoesNotHoldUpTheOthers() {
        List<CompletableFuture<Integer>> writes = write(3, (items, execution) -> {
            if (items.contains(1)) {
                throw new OutOfMemoryError("Required length exceeds implementation limit");
            }
        });

        assertThat(refused(writes)).containsExactly(1);
    }

    @Test
    void aListenerThatBreaksFailsNoWrite() {
        CommitListener broken = (kind, rows, took) -> {
            throw new IllegalStateException("the meter is broken");
        };

        assertThat(refused(write(5, (items, execution) -> {}, new Listeners<>(List.of(broken)))))
                .isEmpty();
        assertThat(executions).as("no write is sent again").hasValue(2);
    }

    private List<CompletableFuture<Integer>> write(int count, Fault fault) {
        return write(count, fault, NOBODY);
    }

    /** One write that holds up the commit thread, and then these in one batch. */
    private List<CompletableFuture<Integer>> write(int count, Fault fault, Listeners<CommitListener> listeners) {
        GroupCommit<Integer, Integer> commit = new GroupCommit<>(
                "test",
                dataSource,
                (connection, items) -> {
                    begun.countDown();
                    await(all);
                    backends.add(backend(connection));
                    fault.happen(items, executions.incrementAndGet());
                    return insert(connection, items);
                },
                item -> 1,
                listeners);
        List<CompletableFuture<Integer>> writes = new ArrayList<>();
        CompletableFuture<Integer> first = commit.add(-1);
        await(begun);
        IntStream.range(0, count).forEach(n -> writes.add(commit.add(n)));
        all.countDown();
        assertThat(first).succeedsWithin(PATIENCE);
        return writes;
    }

    private static int backend(Connection connection) throws SQLException {
        return connection.unwrap(PGConnection.class).getBackendPID();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Integer> insert(Connection connection, List<Integer> items) throws SQLException {
        try (Statement insert = connection.createStatement()) {
            for (int item : items) {
                insert.addBatch("insert into number values (%d) on conflict do nothing".formatted(item));
            }
            insert.executeBatch();
        }
        return items;
    }

    /** The writes that failed; the others have their result, and are in the table. */
    private List<Integer> refused(List<CompletableFuture<Integer>> writes) {
        List<Integer> refused = new ArrayList<>();
        List<Integer> stored = new ArrayList<>(List.of(-1));
        for (int n = 0; n < writes.size(); n++) {
            CompletableFuture<Integer> write = writes.get(n);
            assertThat(write.handle((result, failure) -> failure == null)).succeedsWithin(PATIENCE);
            if (write.isCompletedExceptionally()) {
                refused.add(n);
            } else {
                stored.add(write.join());
            }
        }
        assertThat(JdbcClient.create(dataSource)
                        .sql("select n from number order by n")
                        .query(Integer.class)
                        .list())
                .isEqualTo(stored);
        return refused;
    }
}
