package io.drover.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes the ends of attempts in one statement.
 * An attempt that completes its task, or waits, leaves no row of its own, so these ends cost nothing more.
 */
final class EndStatement {

    /** The end of the attempt that holds a lease. */
    record End(Lease lease, EndRow row) {

        /** About how long it is, in characters. */
        long length() {
            return length(row.output()) + length(row.error());
        }

        private static long length(@Nullable String document) {
            return document == null ? 0 : document.length();
        }
    }

    // Of the results that a task waits for, one may be there already, and the earliest time makes it due.
    private static final String END =
            """
            update task t
               set status = case when t.woken and x.pending then 'QUEUED' else x.status end,
                   wait_reason = case when t.woken and x.pending then null else x.wait_reason end,
                   error = case when t.woken and x.pending then null else x.error::json end, output = x.output::json,
                   attempt = t.attempt - x.given_back, worker = null,
                   lost = case when x.status = 'QUEUED' then t.lost else 0 end,
                   held_by = case when x.wait_reason = 'HELD' then x.error::json ->> 'hold' end,
                   begun = case when x.ending is null then t.begun end,
                   run_at = case when t.woken and x.pending then now()
                                 else least(case when x.delay_ms < 0 then 'infinity'
                                                 else now() + x.delay_ms * interval '1 millisecond' end,
                                            case when x.pending then
                                                 (select min(due_at) from pending_call
                                                   where task_id = t.id and settled_at is null) end) end,
                   finished_at = case when x.status in ('COMPLETED', 'DEAD') then now() end
              from (select * from unnest(?::text[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::int[], ?::bigint[],
                                         ?::boolean[], ?::text[])
                              as u(id, token, status, output, error, wait_reason, given_back, delay_ms, pending, ending)
                     limit ?) x
             where t.id = x.id::uuid and t.token = x.token and %s
            returning t.id, x.ending, t.error
            """
                    .formatted(Plans.RUNNING);

    // The task is read as it was before this statement: with its worker and the number of the attempt.
    private static final String END_AND_KEEP =
            """
            with ended as (%s),
            kept as (
                insert into attempt (task_id, token, n, worker, began_at, ending, error)
                select was.id, was.token, was.attempt, w.name, case when was.begun = was.attempt then was.begun_at end,
                       ended.ending, ended.error
                  from ended
                  join task was on was.id = ended.id
                  left join worker w on w.id = was.worker
                 where ended.ending is not null
                    on conflict (task_id, token) do nothing),
            forgotten as (
                delete from attempt a using ended
                 where ended.ending is not null and a.task_id = ended.id
                   and a.token <= (select b.token from attempt b where b.task_id = ended.id
                                    order by b.token desc offset %d limit 1))
            select id from ended
            """
                    .formatted(END, TaskAttempt.MOST_KEPT - 1);

    private EndStatement() {}

    /** @return for each end whether it was written; one whose lease is lost is not */
    static List<Boolean> write(Connection connection, List<End> ends) throws SQLException {
        boolean keeps = ends.stream().anyMatch(end -> end.row.ending() != null);
        Set<UUID> written = new HashSet<>();
        try (PreparedStatement update = connection.prepareStatement(keeps ? END_AND_KEEP : END)) {
            new Columns<>(connection, update, ends)
                    .text(end -> end.lease.task())
                    .bigint(end -> end.lease.token())
                    .text(end -> end.row.status())
                    .text(end -> end.row.output())
                    .text(end -> end.row.error())
                    .text(end -> end.row.waitReason())
                    .integer(end -> end.row.givenBack())
                    .bigint(end -> end.row.delayMs())
                    .bool(end -> end.row.pending())
                    .text(end -> end.row.ending())
                    .count();
            try (ResultSet row = update.executeQuery()) {
                while (row.next()) {
                    written.add(row.getObject(1, UUID.class));
                }
            }
        }
        return ends.stream().map(end -> written.contains(end.lease.task())).toList();
    }
}
