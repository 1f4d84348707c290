package io.drover.journal;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Gives the calls that await child tasks their results, in the transaction that ends the children.
 * A parent is woken when no child of the same workflow is open any more: so that of many children wake it once.
 */
final class ChildResults {

    private static final String PARENTS =
            """
            select task_id, child, false as kept from pending_call where child = any(?) and settled_at is null
            union all
            select parent, id, true from task where id = any(?) and parent_n is not null and awaited
            """;

    private static final String AWAIT =
            """
            update task set awaited = true
             where id = any(?) and not awaited and status in ('QUEUED', 'RUNNING', 'WAITING')
            """;

    // Of a child that completed the output, else a failure that names it.
    // One whose content is gone was heard by all who awaited it then; whoever awaits it only now is told.
    private static final String THERE = "c.status = 'COMPLETED' and coalesce(c.erased_at, c.removed_at) is null";
    private static final String STATE = "case when " + THERE + " then 'SUCCEEDED' else 'REJECTED' end";
    private static final String RESULT = "case when " + THERE + " then c.output end";
    private static final String ERROR =
            """
            case when c.status <> 'COMPLETED' or coalesce(c.erased_at, c.removed_at) is not null then json_build_object(
                'type', case when coalesce(c.erased_at, c.removed_at) is not null then 'ChildRemoved'
                             when c.status = 'DEAD' then 'ChildDead' else 'ChildCancelled' end,
                'message', format('task:%s (task %s) %s', c.workflow, c.id, case
                    when coalesce(c.erased_at, c.removed_at) is not null
                    then 'has ended, and its output is no longer kept; await it under another key'
                    when c.status = 'DEAD' then 'is dead: ' || coalesce(c.error ->> 'message', 'no reason is recorded')
                    else 'was cancelled' end),
                'task', c.id) end
            """;

    // Its cost is that of its models and its children.
    static final String COST =
            """
            (select sum(case when m.tool like 'task:%' then m.usd else (m.result ->> 'usd')::numeric end) as usd,
                    sum(case when m.tool like 'task:%' then m.tokens
                             else coalesce((m.result #>> '{usage,in}')::bigint, 0)
                                  + coalesce((m.result #>> '{usage,out}')::bigint, 0) end) as tokens
               from call m
              where m.task_id = c.id
                and (m.tool like 'task:%' and m.tokens is not null
                     or m.tool like 'model.%' and m.fallback is null and m.result is not null)) cost
            """;

    // The call of a child that it was itself. One that is there was refused once, was opened again, or has its result.
    static final String KEEP =
            """
            insert into call (task_id, address, n, tool, state, tries, token, definition, arguments, result, error,
                              started_at, finished_at, branch, bytes, usd, tokens)
            select p.id, c.id, c.parent_n, 'task:' || c.workflow, %s, 0, p.token, 0,
                   json_strip_nulls(json_build_object('key', c.key, 'task', c.id)), %s, %s,
                   c.created_at, now(), c.parent_branch, octet_length(c.output::text), cost.usd, cost.tokens
              from (select * from unnest(?::uuid[]) as u(id) limit ?) x
              join task c on c.id = x.id and c.parent_n is not null and c.status in ('COMPLETED', 'DEAD', 'CANCELLED')
              join task p on p.id = c.parent
             cross join lateral %s
                on conflict (task_id, address) do update
               set state = excluded.state, token = excluded.token, result = excluded.result, error = excluded.error,
                   finished_at = excluded.finished_at, bytes = excluded.bytes, usd = excluded.usd, tokens = excluded.tokens
             where call.state in ('PENDING', 'FAILED')
            returning task_id, substr(tool, 6)
            """
                    .formatted(STATE, RESULT, ERROR, COST);

    // Where all pending calls are those of one task, PostgreSQL expects thousands for each child: so each child's is
    // looked up behind an offset, and a condition on `child` would only offer its index, to be read whole.
    static final String SETTLE =
            """
            with ended as (
                select p.task_id, p.address, p.name, t.token, c.id, %s as state, %s as result, %s as error, cost.usd, cost.tokens
                  from (select * from unnest(?::uuid[]) as u(id) limit ?) x
                  join task c on c.id = x.id and c.status in ('COMPLETED', 'DEAD', 'CANCELLED')
                 cross join lateral (
                       select task_id, address, name from pending_call where child = x.id and settled_at is null offset 0) p
                  join task t on t.id = p.task_id
                 cross join lateral %s),
            closed as (
                update pending_call p
                   set settled_at = now(), settled_token = e.token
                  from ended e where p.task_id = e.task_id and p.address = e.address)
            update call
               set state = e.state, result = e.result, error = e.error, finished_at = now(), usd = e.usd, tokens = e.tokens,
                   bytes = octet_length(call.arguments::text) + coalesce(octet_length(e.result::text), 0)
              from ended e
             where call.task_id = e.task_id and call.address = e.address and call.state = 'PENDING'
            returning call.task_id, e.name
            """
                    .formatted(STATE, RESULT, ERROR, COST);

    private static final String NONE_OPEN =
            """
            (select 1 from pending_call q
              where q.task_id = %1$s and q.name = %2$s and q.settled_at is null and q.reason = 'CHILD' limit 1) is null
            and (select 1 from task q
                  where q.parent = %1$s and q.workflow = %2$s and q.parent_n is not null
                    and q.status in ('QUEUED', 'RUNNING', 'WAITING') limit 1) is null
            """;

    // Not "not exists": that is a join, which reads the open children of all tasks where PostgreSQL expects few.
    // For each parent the workflows of the children that have just ended: the rows of the others are not read again.
    static final String WAKE =
            """
            update task t
               set woken = true,
                   status = case when waits then 'QUEUED' else t.status end,
                   wait_reason = case when waits then null else t.wait_reason end,
                   run_at = case when waits then now() else t.run_at end,
                   error = case when waits then null else t.error end
              from (select id, %s as waits
                      from task
                     where id in (select ended.task_id
                                    from (select * from unnest(?::uuid[], ?::text[]) as u(task_id, name) limit ?) ended
                                   where %s)) w
             where t.id = w.id and t.status in ('QUEUED', 'RUNNING', 'WAITING')
            """
                    .formatted(Plans.WAITS_FOR_A_RESULT, noneOpen("ended.task_id", "ended.name"));

    private final Wakeups wakeups;

    ChildResults(Wakeups wakeups) {
        this.wakeups = wakeups;
    }

    /**
     * Locks tasks, and those that await some of them.
     * A task that begins to await one of them locks that one, too; so it is seen here before or after.
     */
    static void lock(Connection connection, Collection<UUID> tasks, TaskLocks lock) throws SQLException {
        lock(connection, tasks, Set.of(), lock);
    }

    /**
     * The same for tasks that end.
     *
     * @param over those that wait for nothing any more; of these, one that only its parent can await is not locked itself
     */
    static void lockForEnd(Connection connection, Collection<UUID> tasks, Set<UUID> over) throws SQLException {
        lock(connection, tasks, over, TaskLocks.END);
    }

    private static void lock(Connection connection, Collection<UUID> tasks, Set<UUID> over, TaskLocks lock)
            throws SQLException {
        Set<UUID> locked = Set.of();
        Set<UUID> found = concerned(connection, tasks, over);
        while (!locked.containsAll(found)) {
            locked = found;
            lock.take(connection, locked);
            if (tasks.stream().noneMatch(locked::contains)) {
                return; // no other task can have begun to await one of them
            }
            found = concerned(connection, tasks, over);
        }
    }

    private static Set<UUID> concerned(Connection connection, Collection<UUID> tasks, Set<UUID> over)
            throws SQLException {
        Set<UUID> all = new HashSet<>(tasks);
        Set<UUID> parents = new HashSet<>();
        try (PreparedStatement select = connection.prepareStatement(PARENTS)) {
            Array ids = connection.createArrayOf("uuid", tasks.toArray());
            select.setArray(1, ids);
            select.setArray(2, ids);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    parents.add(row.getObject(1, UUID.class));
                    UUID child = row.getObject(2, UUID.class);
                    if (row.getBoolean(3) && over.contains(child)) {
                        all.remove(child);
                    }
                }
            }
        }
        all.addAll(parents);
        return all;
    }

    /** The ends of these tasks, of those that are open, are results of calls. */
    static void await(Connection connection, Collection<UUID> tasks) throws SQLException {
        try (PreparedStatement await = connection.prepareStatement(AWAIT)) {
            await.setArray(1, connection.createArrayOf("uuid", tasks.toArray()));
            await.executeUpdate();
        }
    }

    /** Whether a task has no open child of a workflow, both as they are named in a statement. */
    static String noneOpen(String task, String workflow) {
        return NONE_OPEN.formatted(task, workflow);
    }

    /** What a parent awaits: children of one workflow. */
    private record Join(UUID parent, String workflow) {}

    /**
     * For those of the tasks that have ended; the locks of their parents are held.
     *
     * @return how many calls have got their results
     */
    int settle(Connection connection, Collection<UUID> children) throws SQLException {
        List<Join> settled = settled(connection, children);
        if (!settled.isEmpty() && wake(connection, new LinkedHashSet<>(settled)) > 0) {
            notifyWorkers(connection);
            wakeups.wake();
        }
        return settled.size();
    }

    private static List<Join> settled(Connection connection, Collection<UUID> children) throws SQLException {
        List<Join> settled = settled(connection, KEEP, children);
        if (settled.size() < children.size()) { // the others, if any, are rows of their own
            settled.addAll(settled(connection, SETTLE, children));
        }
        return settled;
    }

    private static List<Join> settled(Connection connection, String sql, Collection<UUID> children)
            throws SQLException {
        List<Join> settled = new ArrayList<>();
        try (PreparedStatement settle = connection.prepareStatement(sql)) {
            settle.setArray(1, connection.createArrayOf("uuid", children.toArray()));
            settle.setInt(2, children.size());
            try (ResultSet row = settle.executeQuery()) {
                while (row.next()) {
                    settled.add(new Join(row.getObject(1, UUID.class), row.getString(2)));
                }
            }
        }
        return settled;
    }

    private static int wake(Connection connection, Collection<Join> joins) throws SQLException {
        try (PreparedStatement wake = connection.prepareStatement(WAKE)) {
            wake.setArray(
                    1,
                    connection.createArrayOf(
                            "uuid", joins.stream().map(Join::parent).toArray()));
            wake.setArray(
                    2,
                    connection.createArrayOf(
                            "text", joins.stream().map(Join::workflow).toArray()));
            wake.setInt(3, joins.size());
            return wake.executeUpdate();
        }
    }

    private void notifyWorkers(Connection connection) throws SQLException {
        if (wakeups.othersMayBeWaiting()) {
            try (PreparedStatement notify = connection.prepareStatement("select pg_notify(?, '')")) {
                notify.setString(1, Wakeups.CHANNEL);
                notify.execute();
            }
        }
    }
}
