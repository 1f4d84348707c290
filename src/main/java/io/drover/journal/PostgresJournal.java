package io.drover.journal;

import io.drover.encryption.SealedColumn;
import io.drover.encryption.Seals;
import io.drover.start.Listeners;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class PostgresJournal implements Journal, DisposableBean {

    private static final String KEEP_LATE =
            """
            insert into late_result (task_id, address, tool, token, reason, result)
            select x.task_id::uuid, x.address::uuid, x.tool, x.token, x.reason, x.result::json
              from unnest(?::text[], ?::text[], ?::text[], ?::bigint[], ?::text[], ?::text[])
                   as x(task_id, address, tool, token, reason, result)
             where not exists (select from task where id = x.task_id::uuid and coalesce(erased_at, removed_at) is not null)
            """;

    private static final String CALLS =
            """
            select * from call where task_id = any(:tasks) order by task_id, n
            """;

    // From here on the attempts work with what was decided. A person who wants to replace a decision waits for the row
    // or is refused.
    private static final String USE =
            """
            update call set used_at = now()
              from task
             where task_id = any(:tasks) and decided_at is not null and used_at is null
               and task.id = task_id and task.status = 'RUNNING'
            """;

    private final JdbcClient jdbc;
    private final Seals seals;
    private final Results results;
    private final GroupCommit<EffectStatement.Item, Begin> records;
    private final GroupCommit<EffectWaits.Wait, Boolean> waits;
    private final GroupCommit<LateResult, Void> late;

    PostgresJournal(DataSource dataSource, List<CommitListener> listeners) {
        Listeners<CommitListener> told = new Listeners<>(listeners);
        this.jdbc = JdbcClient.create(dataSource);
        this.seals = Seals.of(dataSource);
        this.results = new Results(dataSource);
        this.records =
                new GroupCommit<>("call", dataSource, EffectStatement::write, EffectStatement.Item::length, told);
        this.waits = new GroupCommit<>("effect", dataSource, EffectWaits::begin, wait -> 0, told);
        this.late = new GroupCommit<>(
                "late",
                dataSource,
                PostgresJournal::writeLate,
                late -> late.result() == null ? 0 : late.result().length(),
                told);
    }

    @Override
    public CompletableFuture<Boolean> record(CallRecord call) {
        return record(call, false, List.of());
    }

    /** In one commit. */
    @Override
    public CompletableFuture<Boolean> record(List<CallRecord> calls) {
        int last = calls.size() - 1;
        return record(calls.get(last), false, calls.subList(0, last));
    }

    @Override
    public CompletableFuture<Boolean> recordEnd(CallRecord call) {
        return record(call, true, List.of());
    }

    private CompletableFuture<Boolean> record(CallRecord call, boolean ends, List<CallRecord> before) {
        return records.add(new EffectStatement.Item(new CallStatement.Write(call, null), ends, before))
                .thenApply(written -> written instanceof Begin.Begun);
    }

    @Override
    public CompletableFuture<Begin> begin(BeginRequest request, List<CallRecord> reads) {
        return records.add(new EffectStatement.Item(CallStatement.Write.begin(request), false, reads));
    }

    @Override
    public CompletableFuture<Boolean> awaitEnd(UUID task, EffectHolder first) {
        return waits.add(new EffectWaits.Wait(task, first));
    }

    @Override
    public CompletableFuture<Void> keepLate(LateResult result) {
        return late.add(result);
    }

    @Override
    public Map<UUID, List<CallRecord>> callsToUse(Collection<UUID> tasks) {
        Map<UUID, List<CallRecord>> calls = new HashMap<>();
        Set<UUID> decided = new HashSet<>();
        jdbc.sql(CALLS).param("tasks", tasks.toArray(UUID[]::new)).query(row -> {
            CallRecord call = read(row, seals);
            calls.computeIfAbsent(call.taskId(), id -> new ArrayList<>()).add(call);
            if (row.getTimestamp("decided_at") != null && row.getTimestamp("used_at") == null) {
                decided.add(call.taskId());
            }
        });
        OpenChildren.of(jdbc, tasks, Integer.MAX_VALUE)
                .forEach(call -> calls.computeIfAbsent(call.taskId(), id -> new ArrayList<>())
                        .add(call));
        settle(calls);
        if (!decided.isEmpty()) {
            jdbc.sql(USE).param("tasks", decided.toArray(UUID[]::new)).update();
        }
        return calls;
    }

    /** What has come meanwhile for pending calls is their result. */
    private void settle(Map<UUID, List<CallRecord>> calls) {
        List<UUID> pending = calls.entrySet().stream()
                .filter(task -> task.getValue().stream().anyMatch(call -> call.state() == CallState.PENDING))
                .map(Map.Entry::getKey)
                .toList();
        if (pending.isEmpty()) {
            return;
        }
        try {
            for (CallRecord settled : results.ofClaimed(pending)) {
                Objects.requireNonNull(calls.get(settled.taskId()))
                        .replaceAll(call -> call.address().equals(settled.address()) ? settled : call);
            }
        } catch (SQLException e) {
            throw new UncategorizedSQLException("results of pending calls", null, e);
        }
    }

    private static List<Void> writeLate(Connection connection, List<LateResult> results) throws SQLException {
        try (PreparedStatement keep = connection.prepareStatement(KEEP_LATE)) {
            new Columns<>(connection, keep, results)
                    .text(LateResult::taskId)
                    .text(LateResult::address)
                    .text(LateResult::tool)
                    .bigint(LateResult::token)
                    .text(LateResult::reason)
                    .sealed(SealedColumn.LATE_RESULT, LateResult::taskId, LateResult::result);
            keep.executeUpdate();
        }
        return Collections.nCopies(results.size(), null);
    }

    static CallRecord read(ResultSet row, Seals seals) throws SQLException {
        UUID task = row.getObject("task_id", UUID.class);
        UUID address = row.getObject("address", UUID.class);
        String arguments =
                Objects.requireNonNull(seals.open(SealedColumn.CALL_ARGUMENTS, task, row.getString("arguments")));
        Timestamp finished = row.getTimestamp("finished_at");
        return new CallRecord(
                task,
                address,
                row.getInt("n"),
                row.getString("tool"),
                CallState.valueOf(row.getString("state")),
                row.getInt("tries"),
                row.getLong("token"),
                row.getLong("definition"),
                row.getString("fallback"),
                arguments,
                seals.open(SealedColumn.CALL_RESULT, task, row.getString("result"), address.toString(), arguments),
                seals.open(SealedColumn.CALL_ERROR, task, row.getString("error")),
                row.getTimestamp("started_at").toInstant(),
                finished == null ? null : finished.toInstant(),
                row.getString("rule"),
                row.getString("branch"));
    }

    @Override
    public void destroy() {
        records.close();
        waits.close();
        late.close();
    }
}
