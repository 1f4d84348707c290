package io.drover.erasure;

import io.drover.cache.ResultCache;
import io.drover.encryption.SealedColumn;
import io.drover.encryption.Seals;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is kept about some tasks that have ended. Their ids, outcomes, times and costs stay. */
final class TaskContent {

    /** The number of tasks that a refusal names. */
    static final int MOST_NAMED = 20;

    // A decision about a task, and its end, lock its row, too.
    private static final String LOCK =
            """
            select id from task where id = any(:ids) and erased_at is null order by id for update
            """;

    private static final String HINDRANCES =
            """
            select id, 'has not ended: it is ' || status as why from task
             where id = any(:ids) and status not in ('COMPLETED', 'DEAD', 'CANCELLED')
            union all
            select distinct task_id, 'has a call in doubt' from call where task_id = any(:ids) and state = 'IN_DOUBT'
            union all
            select p.child, 'is awaited by task ' || w.id
              from pending_call p
              join task w on w.id = p.task_id and w.status in ('QUEUED', 'RUNNING', 'WAITING')
             where p.child = any(:ids) and p.settled_at is null
             order by 1
             limit :most
            """;

    private static final String CACHED =
            """
            select task_id, tool, definition, arguments::text as arguments from call
             where task_id = any(:ids) and result is not null and tool not like 'model.%' and tool not like '%:%'
            """;

    // What another task waits for is its own matter, too.
    private static final String SIGNALS =
            """
            update signal s
               set name = '(erased)', key = 'erased', body = 'null', sent_by = null
              from pending_call p
             where p.task_id = any(:ids) and p.signal_id = s.id and s.sent_by is distinct from :user
               and s.delivered_at is not null
               and not exists (select from pending_call o join task w on w.id = o.task_id and w.status in ('QUEUED', 'RUNNING', 'WAITING')
                                where o.name = s.name and o.key = s.key and o.reason = 'SIGNAL' and o.settled_at is null)
            """;

    private static final String PENDING_CALLS =
            """
            delete from pending_call where task_id = any(:ids)
            """;

    // The arguments of a call are an object, so no other call has equal ones. What a model cost stays.
    private static final String CALLS =
            """
            update call
               set arguments = '"erased"',
                   result = case when result is null then null
                                 when tool like 'model.%' then json_build_object('usd', result -> 'usd', 'usage',
                                      json_build_object('in', result #> '{usage,in}', 'out', result #> '{usage,out}'))
                                 else 'null' end,
                   error = case when error is not null then '{"message": "erased"}'::json end,
                   decided_by = case when decided_by is not null then 'erased' end
             where task_id = any(:ids)
            """;

    private static final String LATE_RESULTS =
            """
            delete from late_result where task_id = any(:ids)
            """;

    private static final String ATTEMPTS =
            """
            update attempt set error = null where task_id = any(:ids) and error is not null
            """;

    private static final String PREVIEWS =
            """
            delete from preview where task_id = any(:ids)
            """;

    private static final String APPROVALS =
            """
            update approval
               set summary = null, state = case when state in ('OPEN', 'APPROVED') then 'CLOSED' else state end
             where task_id = any(:ids)
            """;

    private static final String VOTES =
            """
            update vote v set reason = null
              from approval a
             where a.id = v.approval_id and a.task_id = any(:ids) and v.reason is not null
            """;

    private static final String FACTS = """
            delete from memory where task_id = any(:ids)
            """;

    private static final String EFFECTS_OF_TASKS =
            """
            delete from effect where task_id = any(:ids) and scope like 'task:%'
            """;

    // A key finds its task by the id. Whose key it was can be compared and not read; the fixed owners are no persons.
    private static final String TASKS =
            """
            update task
               set erased_at = now(), status = case status when 'DEAD' then 'CANCELLED' else status end, awaited = false,
                   input = 'null', output = case when output is not null then 'null'::json end, error = null,
                   key_owner = case when key is null or key_owner in ('trigger', 'workflow', 'call', 'run', 'event') then key_owner
                                    else 'erased ' || audit_commitment(id, coalesce(key_owner, submitted_by)) end,
                   key = null, submitted_by = null, trace = null, on_end = null, held_by = null, salt = null, address_key = null
             where id = any(:ids)
            """;

    private static final String DECISIONS = "select audit_erase_tasks(:ids, :user)";

    private static final String EFFECTS_LEFT =
            """
            select count(*) from effect where task_id = any(:ids)
            """;

    private static final List<Store> STORES = List.of(
            new Store("signals that tasks heard", SIGNALS),
            new Store("pending calls", PENDING_CALLS),
            new Store("calls", CALLS),
            new Store("late results", LATE_RESULTS),
            new Store("failed attempts", ATTEMPTS),
            new Store("previews", PREVIEWS),
            new Store("approvals", APPROVALS),
            new Store("reasons of votes", VOTES),
            new Store("facts in memory", FACTS),
            new Store("effect keys of one task", EFFECTS_OF_TASKS),
            new Store("tasks", TASKS),
            new Store("decisions about tasks", DECISIONS));

    private final JdbcClient jdbc;
    private final Seals seals;

    TaskContent(JdbcClient jdbc, Seals seals) {
        this.jdbc = jdbc;
        this.seals = seals;
    }

    /** @throws ErasureRefusedException where one of them has not ended, or a person has to decide about it */
    void check(List<UUID> tasks) {
        List<UUID> named = new ArrayList<>();
        List<String> why = jdbc.sql(HINDRANCES)
                .param("ids", tasks.toArray(UUID[]::new))
                .param("most", MOST_NAMED)
                .query((row, n) -> {
                    named.add(row.getObject("id", UUID.class));
                    return "task %s %s".formatted(row.getString("id"), row.getString("why"));
                })
                .list();
        if (!why.isEmpty()) {
            throw new ErasureRefusedException(
                    "the user has tasks about which something is still to happen: %s; cancel them, and decide about calls in doubt, first"
                            .formatted(String.join(", ", why)),
                    named);
        }
    }

    /**
     * Erases them, in the transaction of the caller.
     *
     * @return under which keys results of their calls may be cached
     */
    Set<String> erase(String user, List<UUID> tasks, Tally tally) {
        UUID[] ids = jdbc.sql(LOCK)
                .param("ids", tasks.toArray(UUID[]::new))
                .query(UUID.class)
                .list()
                .toArray(UUID[]::new);
        check(List.of(ids));
        Set<String> cached = new TreeSet<>(jdbc.sql(CACHED)
                .param("ids", ids)
                .query((row, n) -> ResultCache.key(
                        row.getString("tool"),
                        row.getLong("definition"),
                        Objects.requireNonNull(seals.open(
                                SealedColumn.CALL_ARGUMENTS,
                                row.getObject("task_id", UUID.class),
                                row.getString("arguments")))))
                .list());
        STORES.forEach(store -> tally.add(store.name(), store.erase(jdbc, Map.of("ids", ids, "user", user))));
        tally.keepsEffectKeys(
                jdbc.sql(EFFECTS_LEFT).param("ids", ids).query(Long.class).single());
        return cached;
    }
}
