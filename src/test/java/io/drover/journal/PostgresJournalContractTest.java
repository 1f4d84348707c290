package io.drover.journal;

import com.zaxxer.hikari.HikariDataSource;
import io.drover.TestDatabase;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;

class PostgresJournalContractTest extends JournalContract {

    private static final HikariDataSource DATA_SOURCE = new HikariDataSource();
    private static final Tracks STABLE = new Tracks(0, Tracks.STABLE);
    private static PostgresFleet fleet;
    private static PostgresTaskQueue queue;
    private static PostgresJournal journal;
    private static PostgresPendingCalls pending;
    private static PostgresChildCalls children;
    private static PostgresSignals signals;
    private static PostgresApprovalRequests requests;
    private static PostgresApprovals approvals;
    private static JdbcClient jdbc;

    @BeforeAll
    static void migrate() {
        DATA_SOURCE.setJdbcUrl(TestDatabase.ofTwoRoles());
        jdbc = TestDatabase.directly(DATA_SOURCE.getJdbcUrl());
        fleet = new PostgresFleet(DATA_SOURCE, STABLE);
        Wakeups wakeups = new Wakeups(fleet);
        queue = new PostgresTaskQueue(DATA_SOURCE, wakeups, STABLE, new LocalWorker(), List.of());
        journal = new PostgresJournal(DATA_SOURCE, List.of());
        pending = new PostgresPendingCalls(DATA_SOURCE, List.of());
        children = new PostgresChildCalls(DATA_SOURCE, wakeups, STABLE, new LocalWorker(), List.of());
        signals = new PostgresSignals(DATA_SOURCE, wakeups, List.of());
        requests = new PostgresApprovalRequests(DATA_SOURCE, List.of());
        approvals = new PostgresApprovals(DATA_SOURCE, new JdbcTransactionManager(DATA_SOURCE), wakeups, List.of());
    }

    @AfterAll
    static void close() {
        queue.destroy();
        journal.destroy();
        pending.destroy();
        children.destroy();
        signals.destroy();
        requests.destroy();
        DATA_SOURCE.close();
    }

    @Override
    protected Ports open() {
        jdbc.sql("truncate task, call, worker, approval, vote, signal, pending_call, effect, effect_wait, call_subject")
                .update();
        UUID worker = UUID.randomUUID();
        fleet.join(worker, "test", "test");
        return new Ports(
                worker, queue, journal, pending, children, signals, requests, approvals, () -> fleet.promoteDue(100));
    }
}
