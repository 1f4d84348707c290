package io.drover.journal;

import io.drover.encryption.SealedColumn;
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
            with held as materialized (select subject from holds_in_force() as hold (subject)),
            x as materialized (
                select *
                  from unnest(?::text[], ?::text[], ?::int[], ?::text[], ?::text[], ?::int[], ?::bigint[], ?::bigint[], ?::text[],
                              ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
                       as u(task_id, address, n, tool, state, tries, token, definition, fallback,
                            arguments, result, error, started_at, finished_at, rule, branch, subjects, approved)
                 limit ?)%s
            insert into call (task_id, address, n, tool, state, tries, token, definition, fallback,
                              arguments, result, error, started_at, finished_at, rule, branch, bytes)
            select x.task_id::uuid, x.address::uuid, x.n, x.tool, x.state, x.tries, x.token, x.definition, x.fallback,
                   x.arguments::json, x.result::json, x.error::json, x.started_at::timestamptz, x.finished_at::timestamptz, x.rule, x.branch,
                   octet_length(x.arguments) + coalesce(octet_length(x.result), 0)
              from x
              join task t on t.id = x.task_id::uuid and t.token = x.token and %s
             where (x.subjects is null
                    or not exists (select from held where held.subject = any(string_to_array(x.subjects, E'\n'))))
                   %s
                on conflict (task_id, address) do update
               set tool = excluded.tool, arguments = excluded.arguments,
                   state = excluded.state, tries = excluded.tries, token = excluded.token, definition = excluded.definition,
                   fallback = excluded.fallback, result = excluded.result, error = excluded.error,
                   started_at = excluded.started_at, finished_at = excluded.finished_at, rule = excluded.rule, branch = excluded.branch,
                   bytes = excluded.bytes
             where call.token <= excluded.token
               and (call.token = excluded.token and call.state = excluded.state or %s)
            returning task_id, address
            """;

    private static final String WITHOUT_GRANTS = RECORD.formatted("", Plans.RUNNING, "", legalSteps());

    // A grant covers all tries of its call, so one that is spent stays good for them; no other call can spend it.
    private static final String WITH_GRANTS = RECORD.formatted(
            """
            ,
            granted as (
                update approval a
                   set state = 'SPENT', spent_at = coalesce(a.spent_at, now())
                  from x join task t on t.id = x.task_id::uuid and t.token = x.token and t.status || '' = 'RUNNING'
                 where x.approved is not null and a.task_id = t.id and a.address = x.address::uuid
                   and a.arguments_digest = x.approved::uuid and a.definition = x.definition
                   and (a.state = 'SPENT' or a.state = 'APPROVED' and a.use_by > now())
                   and not exists (select from held where held.subject = any(string_to_array(x.subjects, E'\n')))
                returning a.task_id, a.address)
            """,
            Plans.RUNNING,
            """
            and (x.approved is null or exists (
                 select from granted where granted.task_id = t.id and granted.address = x.address::uuid))
            """,
            legalSteps());

    private static final String GRANTED =
            """
            select exists (select from approval
                            where task_id = ? and address = ? and arguments_digest = ? and definition = ? and state = 'SPENT')
            """;

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

        @Nullable
        Grant grant() {
            return begins == null ? null : begins.grant();
        }

        /** Digest of the arguments that must have been approved. */
        @Nullable
        UUID approved() {
            Grant grant = grant();
            return grant == null ? null : grant.arguments();
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
        if (calls.isEmpty()) {
            return;
        }
        boolean grants = calls.stream().anyMatch(call -> call.grant() != null);
        try (PreparedStatement record = connection.prepareStatement(grants ? WITH_GRANTS : WITHOUT_GRANTS)) {
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
                    .sealed(
                            write -> SealedColumn.argumentsOf(write.call().tool()),
                            write -> write.call().taskId(),
                            write -> write.call().arguments())
                    .sealed(
                            write -> SealedColumn.resultOf(write.call().tool()),
                            write -> write.call().taskId(),
                            write -> write.call().result())
                    .sealed(SealedColumn.CALL_ERROR, write -> write.call().taskId(), write -> write.call()
                            .error())
                    .text(write -> write.call().startedAt())
                    .text(write -> write.call().finishedAt())
                    .text(write -> write.call().rule())
                    .text(write -> write.call().branch())
                    .text(Write::subjects)
                    .text(Write::approved)
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
            results.add(written.contains(call.address()) ? BEGUN : refusal(connection, call, held));
        }
        written.clear();
        calls.clear();
    }

    private static Begin refusal(Connection connection, Write write, Set<String> held) throws SQLException {
        BeginRequest begins = write.begins();
        if (begins != null && !Collections.disjoint(held, begins.subjects())) {
            return new Begin.Held();
        }
        if (SettledCalls.holds(connection, write.call())) {
            return BEGUN;
        }
        return write.grant() != null && !isGranted(connection, write.call(), write.grant())
                ? new Begin.Unapproved()
                : new Begin.Refused();
    }

    private static boolean isGranted(Connection connection, CallRecord call, Grant grant) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(GRANTED)) {
            select.setObject(1, call.taskId());
            select.setObject(2, call.address());
            select.setObject(3, grant.arguments());
            select.setLong(4, grant.definition());
            try (ResultSet row = select.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
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
