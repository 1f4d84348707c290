package io.drover.journal;

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
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class PostgresJournal implements Journal, DisposableBean {

    // A call with a result is never written again, but for the repetition of a write whose answer was lost. A call that
    // may be under way is not begun again: the second of two workers that both believe to hold the task is refused
    // here,
    // so only one of them makes the call.
    private static final String RECORD =
            """
            with held as materialized (select subject from holds_in_force() as hold (subject))
            insert into call (task_id, address, n, tool, state, tries, token, definition, fallback,
                              arguments, result, error, started_at, finished_at, bytes)
            select x.task_id::uuid, x.address::uuid, x.n, x.tool, x.state, x.tries, x.token, x.definition, x.fallback,
                   x.arguments::json, x.result::json, x.error::json, x.started_at::timestamptz, x.finished_at::timestamptz,
                   octet_length(x.arguments) + coalesce(octet_length(x.result), 0)
              from unnest(?::text[], ?::text[], ?::int[], ?::text[], ?::text[], ?::int[], ?::bigint[], ?::bigint[], ?::text[],
                          ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
                   as x(task_id, address, n, tool, state, tries, token, definition, fallback,
                        arguments, result, error, started_at, finished_at, subjects)
              join task t on t.id = x.task_id::uuid and t.token = x.token and t.status = 'RUNNING'
             where x.subjects is null
                or not exists (select from held where held.subject = any(string_to_array(x.subjects, E'\n')))
                on conflict (task_id, address) do update
               set tool = excluded.tool, arguments = excluded.arguments,
                   state = excluded.state, tries = excluded.tries, token = excluded.token, definition = excluded.definition,
                   fallback = excluded.fallback, result = excluded.result, error = excluded.error,
                   started_at = excluded.started_at, finished_at = excluded.finished_at, bytes = excluded.bytes
             where call.token <= excluded.token
               and (call.token = excluded.token and call.state = excluded.state or %s)
            returning task_id, address
            """
                    .formatted(legalSteps());

    private static final String KEEP_LATE =
            """
            insert into late_result (task_id, address, tool, token, reason, result)
            select x.task_id::uuid, x.address::uuid, x.tool, x.token, x.reason, x.result::json
              from unnest(?::text[], ?::text[], ?::text[], ?::bigint[], ?::text[], ?::text[])
                   as x(task_id, address, tool, token, reason, result)
            """;

    private static final String CALLS =
            """
            select * from call where task_id = any(:tasks) order by task_id, n
            """;

    // From here on the attempts work with what was decided. A person who wants to replace a decision waits for the row
    // or
    // is refused.
    private static final String USE =
            """
            update call set used_at = now()
              from task
             where task_id = any(:tasks) and decided_at is not null and used_at is null
               and task.id = task_id and task.status = 'RUNNING'
            """;

    /** What {@link CallState#byAttempt} says, as the database checks it. */
    private static String legalSteps() {
        StringBuilder steps = new StringBuilder("case call.state");
        for (CallState before : CallState.values()) {
            if (!before.isFinal()) {
                String next = CallState.byAttempt(before).stream()
                        .map(state -> "'" + state + "'")
                        .collect(Collectors.joining(", "));
                steps.append(" when '%s' then excluded.state in (%s)".formatted(before, next));
            }
        }
        return steps.append(" else false end").toString();
    }

    private static final String HELD = """
            select holds_in_force()
            """;

    private record Address(UUID task, UUID address) {}

    /** @param subjects what must not be held, where a call begins; else null */
    record Write(CallRecord call, @Nullable Collection<String> subjects) {

        Address address() {
            return new Address(call.taskId(), call.address());
        }

        @Nullable
        String lines() {
            return subjects == null ? null : String.join("\n", subjects);
        }
    }

    private final JdbcClient jdbc;
    private final GroupCommit<Write, Begin> records;
    private final GroupCommit<LateResult, Void> late;

    PostgresJournal(DataSource dataSource, List<CommitListener> listeners) {
        Listeners<CommitListener> told = new Listeners<>(listeners);
        this.jdbc = JdbcClient.create(dataSource);
        this.records = new GroupCommit<>(
                "call",
                dataSource,
                PostgresJournal::write,
                write -> write.call().length(),
                told);
        this.late = new GroupCommit<>(
                "late",
                dataSource,
                PostgresJournal::writeLate,
                late -> late.result() == null ? 0 : late.result().length(),
                told);
    }

    @Override
    public CompletableFuture<Boolean> record(CallRecord call) {
        return records.add(new Write(call, null)).thenApply(written -> written == Begin.BEGUN);
    }

    @Override
    public CompletableFuture<Begin> begin(CallRecord call, Collection<String> subjects) {
        return records.add(new Write(call, subjects));
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
            CallRecord call = read(row);
            calls.computeIfAbsent(call.taskId(), id -> new ArrayList<>()).add(call);
            if (row.getTimestamp("decided_at") != null && row.getTimestamp("used_at") == null) {
                decided.add(call.taskId());
            }
        });
        if (!decided.isEmpty()) {
            jdbc.sql(USE).param("tasks", decided.toArray(UUID[]::new)).update();
        }
        return calls;
    }

    static List<Begin> write(Connection connection, List<Write> calls) throws SQLException {
        // One statement may touch a row once: a second write of the same call goes into a statement of its own.
        Set<Address> written = new HashSet<>();
        Set<Address> inThis = new HashSet<>();
        List<Write> statement = new ArrayList<>(calls.size());
        List<Begin> results = new ArrayList<>(calls.size());
        for (Write call : calls) {
            if (!inThis.add(call.address())) {
                execute(connection, statement, written, results);
                inThis.clear();
                inThis.add(call.address());
            }
            statement.add(call);
        }
        execute(connection, statement, written, results);
        return results;
    }

    private static void execute(Connection connection, List<Write> calls, Set<Address> written, List<Begin> results)
            throws SQLException {
        try (PreparedStatement record = connection.prepareStatement(RECORD)) {
            new Columns<>(connection, record, calls)
                    .text(write -> write.call().taskId())
                    .text(write -> write.call().address())
                    .integer(write -> write.call().n())
                    .text(write -> write.call().tool())
                    .text(write -> write.call().state())
                    .integer(write -> write.call().tries())
                    .bigint(write -> write.call().token())
                    .bigint(write -> write.call().definition())
                    .text(write -> write.call().fallback())
                    .text(write -> write.call().arguments())
                    .text(write -> write.call().result())
                    .text(write -> write.call().error())
                    .text(write -> write.call().startedAt())
                    .text(write -> write.call().finishedAt())
                    .text(Write::lines);
            try (ResultSet row = record.executeQuery()) {
                while (row.next()) {
                    written.add(new Address(row.getObject(1, UUID.class), row.getObject(2, UUID.class)));
                }
            }
        }
        boolean someRefused =
                calls.stream().anyMatch(call -> call.subjects() != null && !written.contains(call.address()));
        Set<String> held = someRefused ? held(connection) : Set.of();
        for (Write call : calls) {
            results.add(
                    written.contains(call.address())
                            ? Begin.BEGUN
                            : call.subjects() != null && !Collections.disjoint(held, call.subjects())
                                    ? Begin.HELD
                                    : Begin.REFUSED);
        }
        written.clear();
        calls.clear();
    }

    /** What is held for this transaction: who sets a hold waits until it is over. */
    private static Set<String> held(Connection connection) throws SQLException {
        Set<String> held = new HashSet<>();
        try (PreparedStatement select = connection.prepareStatement(HELD);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                held.add(row.getString(1));
            }
        }
        return held;
    }

    private static List<Void> writeLate(Connection connection, List<LateResult> results) throws SQLException {
        try (PreparedStatement keep = connection.prepareStatement(KEEP_LATE)) {
            new Columns<>(connection, keep, results)
                    .text(LateResult::taskId)
                    .text(LateResult::address)
                    .text(LateResult::tool)
                    .bigint(LateResult::token)
                    .text(LateResult::reason)
                    .text(LateResult::result);
            keep.executeUpdate();
        }
        return Collections.nCopies(results.size(), null);
    }

    static CallRecord read(ResultSet row) throws SQLException {
        Timestamp finished = row.getTimestamp("finished_at");
        return new CallRecord(
                row.getObject("task_id", UUID.class),
                row.getObject("address", UUID.class),
                row.getInt("n"),
                row.getString("tool"),
                CallState.valueOf(row.getString("state")),
                row.getInt("tries"),
                row.getLong("token"),
                row.getLong("definition"),
                row.getString("fallback"),
                row.getString("arguments"),
                row.getString("result"),
                row.getString("error"),
                row.getTimestamp("started_at").toInstant(),
                finished == null ? null : finished.toInstant());
    }

    @Override
    public void destroy() {
        records.close();
        late.close();
    }
}
