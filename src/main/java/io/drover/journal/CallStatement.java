package io.drover.journal;

import io.drover.journal.Journal.Begin;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes the records of calls, many in one statement, as far as the lease, the life of a call and the holds allow. */
final class CallStatement {

    // A call with a result is never written again, but for the repetition of a write whose answer was lost. A call that
    // may be under way is not begun again: the second of two workers that both believe to hold the task is refused
    // here, so only one of them makes the call.
    private static final String RECORD =
            """
            with held as materialized (select subject from holds_in_force() as hold (subject))
            insert into call (task_id, address, n, tool, state, tries, token, definition, fallback,
                              arguments, result, error, started_at, finished_at, bytes)
            select x.task_id::uuid, x.address::uuid, x.n, x.tool, x.state, x.tries, x.token, x.definition, x.fallback,
                   x.arguments::json, x.result::json, x.error::json, x.started_at::timestamptz, x.finished_at::timestamptz,
                   octet_length(x.arguments) + coalesce(octet_length(x.result), 0)
              from (select * from unnest(?::text[], ?::text[], ?::int[], ?::text[], ?::text[], ?::int[], ?::bigint[], ?::bigint[],
                                         ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
                              as u(task_id, address, n, tool, state, tries, token, definition, fallback,
                                   arguments, result, error, started_at, finished_at, subjects)
                     limit ?) x
              join task t on t.id = x.task_id::uuid and t.token = x.token and %s
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
                    .formatted(Plans.RUNNING, legalSteps());

    private static final String HELD = """
            select holds_in_force()
            """;

    private static final Begin BEGUN = new Begin.Begun();

    private record Address(UUID task, UUID address) {}

    /** @param begins what is asked where a call begins; else null */
    record Write(CallRecord call, @Nullable BeginRequest begins) {

        static Write begin(BeginRequest request) {
            return new Write(request.call(), request);
        }

        Address address() {
            return new Address(call.taskId(), call.address());
        }

        @Nullable
        String subjects() {
            return begins == null ? null : String.join("\n", begins.subjects());
        }
    }

    private CallStatement() {}

    /** What {@link CallState#byAttempt} says, as the database checks it. */
    private static String legalSteps() {
        StringBuilder steps = new StringBuilder("case call.state");
        for (CallState before : CallState.values()) {
            if (!CallState.byAttempt(before).isEmpty()) {
                String next = CallState.byAttempt(before).stream()
                        .map(state -> "'" + state + "'")
                        .collect(Collectors.joining(", "));
                steps.append(" when '%s' then excluded.state in (%s)".formatted(before, next));
            }
        }
        return steps.append(" else false end").toString();
    }

    /** What came of each record. */
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
                    .text(Write::subjects)
                    .count();
            try (ResultSet row = record.executeQuery()) {
                while (row.next()) {
                    written.add(new Address(row.getObject(1, UUID.class), row.getObject(2, UUID.class)));
                }
            }
        }
        boolean someRefused =
                calls.stream().anyMatch(call -> call.begins() != null && !written.contains(call.address()));
        Set<String> held = someRefused ? held(connection) : Set.of();
        for (Write call : calls) {
            results.add(written.contains(call.address()) ? BEGUN : refusal(call.begins(), held));
        }
        written.clear();
        calls.clear();
    }

    private static Begin refusal(@Nullable BeginRequest begins, Set<String> held) {
        return begins != null && !Collections.disjoint(held, begins.subjects())
                ? new Begin.Held()
                : new Begin.Refused();
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
}
