package io.drover.journal;

import io.drover.encryption.SealedColumn;
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
 * The end of a task that another one awaits needs a transaction of its own, see {@link Ends}.
 * An attempt that completes its task, or waits, leaves no row of its own, so these ends cost nothing more.
 */
final class EndStatement {

    /** The end of the attempt that holds a lease, and what it read last. */
    record End(Lease lease, EndRow row, List<CallRecord> reads) {

        /** About how long it is, in characters. */
        long length() {
            return length(row.output())
                    + length(row.error())
                    + reads.stream().mapToLong(CallRecord::length).sum();
        }

        private static long length(@Nullable String document) {
            return document == null ? 0 : document.length();
        }
    }

    // Of the results that a task waits for, one may be there already, and the earliest time makes it due.
    private static final String END =
            """
            update task t
               set status = case when %1$s then 'QUEUED' else x.status end,
                   wait_reason = case when %1$s then null else x.wait_reason end,
                   error = case when %1$s then null else x.error::json end, output = x.output::json,
                   attempt = t.attempt - x.given_back, worker = null,
                   lost = case when x.status = 'QUEUED' then t.lost else 0 end,
                   awaited = t.awaited and not (t.parent_n is not null and x.status in ('COMPLETED', 'DEAD')),
                   held_by = case when x.wait_reason = 'HELD' then x.error::json ->> 'hold' end,
                   begun = case when x.ending is null then t.begun end,
                   run_at = case when %1$s then now()
                                 else least(case when x.delay_ms < 0 then 'infinity'
                                                 else now() + x.delay_ms * interval '1 millisecond' end,
                                            case when x.pending then
                                                 least((select min(due_at) from pending_call
                                                         where task_id = t.id and settled_at is null),
                                                       (select min(decide_by) from approval
                                                         where task_id = t.id and state = 'OPEN')) end) end,
                   finished_at = case when x.status in ('COMPLETED', 'DEAD') then now() end
              from (select * from unnest(?::text[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::int[], ?::bigint[],
                                         ?::boolean[], ?::text[])
                              as u(id, token, status, output, error, wait_reason, given_back, delay_ms, pending, ending)
                     limit ?) x
             where t.id = x.id::uuid and t.token = x.token and %3$s
               and not (case when x.status in ('COMPLETED', 'DEAD') then t.awaited
                             else t.woken and coalesce(x.wait_reason, '') = 'CHILD' end and %2$s)
            returning t.id, x.ending, t.error
            """;

    private static final String WOKEN = "t.woken and x.pending";

    // Of the children that ended during this attempt, some may belong to others that are still open. A call that a
    // child
    // was itself has no try; that of a task that is not awaited has one.
    private static final String WOKEN_BY_CHILDREN =
            """
            (t.woken and x.pending and (x.wait_reason <> 'CHILD' or exists (
                select from (select p.name from pending_call p
                              where p.task_id = t.id and p.reason = 'CHILD' and p.settled_token = x.token
                              union
                             select substr(c.tool, 6) from call c
                              where c.task_id = t.id and c.token = x.token and c.tool like 'task:%%' and c.tries = 0
                                and c.state in ('SUCCEEDED', 'REJECTED')) heard (name)
                 where %s)))
            """
                    .formatted(ChildResults.noneOpen("t.id", "heard.name"));

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
            """;

    private static final String END_ALONE = END.formatted(WOKEN, true, Plans.RUNNING);
    private static final String END_ALONE_AND_KEEP = END_AND_KEEP.formatted(END_ALONE, TaskAttempt.MOST_KEPT - 1);
    private static final String END_IN_FAMILY = END.formatted(WOKEN_BY_CHILDREN, false, Plans.RUNNING);
    private static final String END_IN_FAMILY_AND_KEEP =
            END_AND_KEEP.formatted(END_IN_FAMILY, TaskAttempt.MOST_KEPT - 1);

    private EndStatement() {}

    /**
     * Writes the ends that no other task is concerned with.
     *
     * @return the tasks whose ends were written; one whose lease is lost is not
     */
    static Set<UUID> writeAlone(Connection connection, List<End> ends) throws SQLException {
        return write(connection, ends, END_ALONE, END_ALONE_AND_KEEP);
    }

    /** Writes the ends of children and of parents; the locks of all of them are held. */
    static Set<UUID> writeInFamily(Connection connection, List<End> ends) throws SQLException {
        return write(connection, ends, END_IN_FAMILY, END_IN_FAMILY_AND_KEEP);
    }

    private static Set<UUID> write(Connection connection, List<End> ends, String end, String endAndKeep)
            throws SQLException {
        boolean keeps = ends.stream().anyMatch(one -> one.row.ending() != null);
        Set<UUID> written = new HashSet<>();
        try (PreparedStatement update = connection.prepareStatement(keeps ? endAndKeep : end)) {
            new Columns<>(connection, update, ends)
                    .text(one -> one.lease.task())
                    .bigint(one -> one.lease.token())
                    .text(one -> one.row.status())
                    .sealed(SealedColumn.TASK_OUTPUT, one -> one.lease.task(), one -> one.row.output())
                    .sealed(SealedColumn.TASK_ERROR, one -> one.lease.task(), one -> one.row.error())
                    .text(one -> one.row.waitReason())
                    .integer(one -> one.row.givenBack())
                    .bigint(one -> one.row.delayMs())
                    .bool(one -> one.row.pending())
                    .text(one -> one.row.ending())
                    .count();
            try (ResultSet row = update.executeQuery()) {
                while (row.next()) {
                    written.add(row.getObject(1, UUID.class));
                }
            }
        }
        return written;
    }
}
