package io.drover.journal;

import io.drover.start.Listeners;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Repository;

@Repository
class PostgresPendingCalls implements PendingCalls, DisposableBean {

    // A signal is heard from the creation of the first task of the family on, or from earlier.
    private static final String INSERT =
            """
            insert into pending_call (task_id, address, reason, name, key, since, due_at)
            select t.id, x.address::uuid, x.reason, x.name, x.key, least(r.created_at, t.created_at) - x.look_back_ms * interval '1 millisecond',
                   case when x.until is not null then x.until::timestamptz
                        when x.timeout_ms >= 0 then now() + x.timeout_ms * interval '1 millisecond'
                        else 'infinity' end
              from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::text[])
                   as x(task_id, address, reason, name, key, look_back_ms, timeout_ms, until)
              join task t on t.id = x.task_id::uuid
              left join task r on r.id = t.root
                on conflict do nothing
            """;

    private static final long LONGEST_PAUSE_MS = 1_000;

    private final GroupCommit<PendingCall, Boolean> begun;
    private final Results results;
    private volatile boolean closed;

    PostgresPendingCalls(DataSource dataSource, List<CommitListener> listeners) {
        this.begun = new GroupCommit<>(
                "pending", dataSource, PostgresPendingCalls::write, PendingCall::length, new Listeners<>(listeners));
        this.results = new Results(dataSource);
    }

    // A sender stores its signal and then looks for pending calls; here it is the other way round.
    // So at least one of the two sees what the other has stored.
    @Override
    public CompletableFuture<@Nullable CallRecord> begin(PendingCall pending) {
        return begun.add(pending)
                .thenApplyAsync(written -> written ? result(pending) : null, Thread::startVirtualThread);
    }

    private CallRecord result(PendingCall pending) {
        CallRecord call = pending.call();
        for (int failures = 0; ; failures++) {
            try {
                List<CallRecord> settled = results.ofCall(call.taskId(), call.address());
                if (settled.isEmpty() && failures > 0) { // the answer to the commit of its result may have been lost
                    settled = results.recorded(call.taskId(), call.address());
                }
                return settled.isEmpty() ? call : settled.getFirst();
            } catch (SQLException e) {
                pauseIfTransient(e, failures);
            }
        }
    }

    /** While the database is away this waits, as the writes do: a signal that came meanwhile must not be missed. */
    private void pauseIfTransient(SQLException cause, int failures) {
        if (closed || !SqlStates.isTransient(cause)) {
            throw new CompletionException(cause);
        }
        try {
            TimeUnit.MILLISECONDS.sleep(Math.min(LONGEST_PAUSE_MS, 10L << Math.min(failures, 10)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompletionException(cause);
        }
    }

    /** Both rows of a call are stored, or none. */
    private static List<Boolean> write(Connection connection, List<PendingCall> calls) throws SQLException {
        return InTransaction.run(connection, transaction -> insert(transaction, calls));
    }

    private static List<Boolean> insert(Connection connection, List<PendingCall> calls) throws SQLException {
        List<Boolean> written = CallStatement.write(
                        connection,
                        calls.stream()
                                .map(pending -> new CallStatement.Write(pending.call(), null))
                                .toList())
                .stream()
                .map(Journal.Begin.Begun.class::isInstance)
                .toList();
        List<PendingCall> stored = IntStream.range(0, calls.size())
                .filter(written::get)
                .mapToObj(calls::get)
                .toList();
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            new Columns<>(connection, insert, stored)
                    .text(pending -> pending.call().taskId())
                    .text(pending -> pending.call().address())
                    .text(PendingCall::reason)
                    .text(PendingCall::name)
                    .text(PendingCall::key)
                    .bigint(pending -> pending.lookBack().toMillis())
                    .bigint(PendingCall::timeoutMs)
                    .text(PendingCall::until);
            insert.executeUpdate();
        }
        return written;
    }

    @Override
    public void destroy() {
        closed = true;
        begun.close();
    }
}
