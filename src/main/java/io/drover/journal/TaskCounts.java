package io.drover.journal;

import io.drover.journal.TaskStore.Depth;
import io.drover.journal.TaskStore.Waits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Counts the tasks that have not ended well, for {@link TaskStore}, by the partial indexes of their statuses. */
final class TaskCounts {

    private static final String WAITS =
            """
            select workflow, wait_reason, count(*), extract(epoch from now() - min(coalesce(started_at, created_at)))
              from (select * from task where status = 'WAITING' order by run_at desc limit :most) waiting
             group by workflow, wait_reason
            """;

    // Steps from lane to lane of each workflow through the index task_claimable_by_track, then counts each up to the
    // limit, in the order of the index: else the whole table would be read for a lane that holds few tasks. The one
    // that is due longest is at the head of one of its ten priorities.
    static final String DEPTHS =
            """
            with recursive queued(workflow, track) as (
                (select workflow, track from task where status = 'QUEUED' order by workflow, track limit 1)
                union all
                select next.workflow, next.track
                  from queued q
                 cross join lateral (
                       select t.workflow, t.track from task t
                        where t.status = 'QUEUED' and (t.workflow, t.track) > (q.workflow, q.track)
                        order by t.workflow, t.track limit 1) next)
            select q.workflow, 'QUEUED' as status, least(sum(counted.n), :most)::bigint, max(oldest.seconds)
              from queued q
             cross join lateral (
                   select count(*) as n
                     from (select from task t
                            where t.status = 'QUEUED' and t.workflow = q.workflow and t.track = q.track
                            order by t.priority desc, t.run_at limit :most) one) counted
             cross join lateral (
                   select extract(epoch from now() - min(head.run_at)) as seconds
                     from generate_series(0, 9) p
                    cross join lateral (
                          select t.run_at from task t
                           where t.status = 'QUEUED' and t.workflow = q.workflow and t.track = q.track
                             and t.priority = p
                           order by t.run_at limit 1) head) oldest
             group by q.workflow
            union all
            select workflow, 'RUNNING', count(*), 0
              from (select workflow from task where status = 'RUNNING' limit :most) running group by workflow
            union all
            select workflow, 'WAITING', count(*), 0
              from (select workflow from task where status = 'WAITING' limit :most) waiting group by workflow
            """;

    private static final String DEAD =
            """
            select workflow, count(*) from (select workflow from task where status = 'DEAD' limit :most) dead
             group by workflow
            """;
    private static final String BACKLOG =
            """
            select count(*) from (select from task where status = 'QUEUED' limit :limit) queued
            """;

    private final JdbcClient jdbc;

    TaskCounts(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    List<Depth> depths() {
        return jdbc.sql(DEPTHS)
                .param("most", TaskStore.MOST_COUNTED)
                .query((row, i) -> new Depth(
                        row.getString(1), TaskStatus.valueOf(row.getString(2)), row.getLong(3), age(row.getDouble(4))))
                .list();
    }

    List<Waits> waits() {
        return jdbc.sql(WAITS)
                .param("most", TaskStore.MOST_COUNTED)
                .query((row, i) -> new Waits(
                        row.getString(1), WaitReason.valueOf(row.getString(2)), row.getLong(3), age(row.getDouble(4))))
                .list();
    }

    Map<String, Integer> lost() {
        Map<String, Integer> lost = new TreeMap<>();
        jdbc.sql("select workflow, count(*) from task where status = 'RUNNING' and lost > 1 group by workflow")
                .query(row -> {
                    lost.put(row.getString(1), row.getInt(2));
                });
        return lost;
    }

    List<Depth> dead() {
        return jdbc.sql(DEAD)
                .param("most", TaskStore.MOST_COUNTED)
                .query((row, i) -> new Depth(row.getString(1), TaskStatus.DEAD, row.getLong(2), Duration.ZERO))
                .list();
    }

    private static Duration age(double seconds) {
        return Duration.ofMillis(Math.max(0, (long) (seconds * 1000)));
    }

    int backlog(int limit) {
        return jdbc.sql(BACKLOG).param("limit", limit).query(Integer.class).single();
    }
}
