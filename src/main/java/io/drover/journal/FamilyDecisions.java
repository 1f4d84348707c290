package io.drover.journal;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/** What a decision about a task means for its children: a cancellation reaches them, and so does another try. */
final class FamilyDecisions {

    private static final String OPEN_DESCENDANTS =
            """
            with recursive member (id) as (
                select unnest(?::uuid[])
                 union
                select c.id
                  from member m
                  join task c on c.parent = m.id and c.parent_n is not null and c.status in ('QUEUED', 'RUNNING', 'WAITING'))
            select id from member
            """;

    private static final String CANCEL =
            """
            with family as materialized (select id, status from task where id = any(?)),
            cancelled as (
                update task t
                   set status = 'CANCELLED', awaited = awaited and parent_n is null, token = token + 1, worker = null, wait_reason = null, finished_at = now()
                  from family f
                 where t.id = f.id and t.status in ('QUEUED', 'RUNNING', 'WAITING', 'DEAD')
                returning t.id, f.status, t.parent)
            insert into audit (who, action, task_id, detail)
            select ?, 'cancel', id, json_strip_nulls(json_build_object(
                   'status', status, 'parent', case when id <> ? then parent end)) from cancelled
            """;

    private static final String REOPEN =
            """
            with failed as (
                select p.task_id, p.address, p.child
                  from pending_call p
                  join call c on c.task_id = p.task_id and c.address = p.address and c.state = 'REJECTED'
                  join task t on t.id = p.child and t.status <> 'CANCELLED'
                 where p.task_id = any(?) and p.reason = 'CHILD'),
            opened as (
                update pending_call p set settled_at = null, settled_token = null
                  from failed f where p.task_id = f.task_id and p.address = f.address),
            again as (
                update call c set state = 'PENDING', error = null, finished_at = null
                  from failed f where c.task_id = f.task_id and c.address = f.address),
            kept as (
                update call c set state = 'PENDING', error = null, finished_at = null
                  from task t
                 where c.task_id = any(?) and c.state = 'REJECTED' and c.tool like 'task:%'
                   and t.id = c.address and t.parent = c.task_id and t.parent_n is not null and t.status <> 'CANCELLED'
                returning c.address)
            select child from failed union select address from kept
            """;

    private static final String REDRIVE =
            """
            with redriven as (
                update task
                   set status = 'QUEUED', token = token + 1, attempt = 0, begun = null, run_at = now(), error = null,
                       finished_at = null, awaited = true
                 where id = any(?) and status = 'DEAD'
                returning id, parent),
            kept as (
                insert into audit (who, action, task_id, detail)
                select ?, 'redrive', id, json_build_object('status', 'DEAD', 'parent', parent) from redriven)
            select id from redriven
            """;

    private final ChildResults results;

    FamilyDecisions(Wakeups wakeups) {
        this.results = new ChildResults(wakeups);
    }

    /** Locks a task with the children that are its own, and theirs. */
    Set<UUID> lock(Connection connection, UUID task) throws SQLException {
        Set<UUID> family = Set.of();
        Set<UUID> found = ids(connection, OPEN_DESCENDANTS, Set.of(task));
        while (!family.containsAll(found)) { // a child that is submitted meanwhile is seen under the lock of its parent
            family = found;
            ChildResults.lock(connection, family, TaskLocks.DECIDE);
            found = ids(connection, OPEN_DESCENDANTS, Set.of(task));
        }
        return family;
    }

    /** Cancels a task and its family, which are locked. */
    void cancel(Connection connection, UUID task, Set<UUID> family, String who) throws SQLException {
        try (PreparedStatement cancel = connection.prepareStatement(CANCEL)) {
            cancel.setArray(1, connection.createArrayOf("uuid", family.toArray()));
            cancel.setString(2, who);
            cancel.setObject(3, task);
            cancel.executeUpdate();
        }
        results.settle(connection, family);
    }

    /** The children whose failures these tasks have heard, and that are dead, begin again with them. */
    void redrive(Connection connection, Collection<UUID> parents, String who) throws SQLException {
        Collection<UUID> again = parents;
        while (!again.isEmpty()) {
            Set<UUID> children = reopened(connection, again);
            if (children.isEmpty()) {
                return;
            }
            TaskLocks.DECIDE.take(connection, children); // one that ends now is seen below, or sees what is open again
            try (PreparedStatement redrive = connection.prepareStatement(REDRIVE)) {
                redrive.setArray(1, connection.createArrayOf("uuid", children.toArray()));
                redrive.setString(2, who);
                again = ids(redrive);
            }
            ChildResults.await(connection, children);
            results.settle(connection, children); // those that a person had tried again before
        }
    }

    private static Set<UUID> reopened(Connection connection, Collection<UUID> parents) throws SQLException {
        try (PreparedStatement reopen = connection.prepareStatement(REOPEN)) {
            Array ids = connection.createArrayOf("uuid", parents.toArray());
            reopen.setArray(1, ids);
            reopen.setArray(2, ids);
            return ids(reopen);
        }
    }

    private static Set<UUID> ids(Connection connection, String sql, Collection<UUID> of) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setArray(1, connection.createArrayOf("uuid", of.toArray()));
            return ids(select);
        }
    }

    private static Set<UUID> ids(PreparedStatement select) throws SQLException {
        Set<UUID> ids = new HashSet<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                ids.add(row.getObject(1, UUID.class));
            }
        }
        return ids;
    }
}
