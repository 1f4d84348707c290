package io.drover.shadow;

import java.math.BigDecimal;
import java.sql.Types;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The shadows in PostgreSQL, and the live tasks that they are to mirror. */
@Repository
class ShadowRows {

    /** One process at a time works on a rollout's shadows. */
    private static final String LOCK =
            """
            select 1 from rollout where id = :id and state = 'RUNNING' for update skip locked
            """;

    private static final String USED =
            """
            select count(*) filter (where at > now() - interval '1 minute') as minute,
                   coalesce(sum(usd) filter (where at > now() - interval '1 day'), 0) as usd,
                   count(*) filter (where compared_at is null) as open,
                   count(*) filter (where compared_at is not null) as compared
              from shadow where rollout = :id
            """;

    /** Those that ended since the last look. */
    private static final String ENDED =
            """
            with ended as (
                select o.task_id, row_number() over (order by o.at, o.task_id) as n
                  from outcome o where o.rollout = :id and o.place is null
                 order by o.at, o.task_id limit :most),
            placed as (
                update outcome o
                   set place = n + coalesce((select max(place) from outcome where rollout = :id), 0)
                  from ended where o.task_id = ended.task_id
                returning o.task_id, o.version, o.place)
            select p.task_id from placed p join task t on t.id = p.task_id
             where p.version = :control and t.mode = 'live' and t.status = 'COMPLETED' and coalesce(t.erased_at, t.removed_at) is null
             order by p.place
            """;

    private static final String KEEP =
            """
            insert into shadow (task_id, live, rollout) values (:task, :live, :id) on conflict do nothing
            """;

    /** Those that a process chose and did not come to submit, too. */
    private static final String UNSUBMITTED =
            """
            select s.task_id, s.live from shadow s
             where s.rollout = :id and s.compared_at is null and not exists (select from task t where t.id = s.task_id)
             order by s.at limit :most
            """;

    private static final String DONE =
            """
            select s.task_id, s.live from shadow s join task t on t.id = s.task_id
             where s.rollout = :id and s.compared_at is null and t.status in ('COMPLETED', 'DEAD', 'CANCELLED')
             order by s.at limit :most
            """;

    private static final String COMPARED =
            """
            update shadow set difference = :difference, tool = :tool, reason = :reason, usd = :usd, compared_at = now()
             where task_id = :task
            """;

    private static final String GROUPS =
            """
            select s.difference, s.tool, s.reason, count(*) as shadows,
                   (array_agg(s.task_id order by s.at desc))[1] as shadow, (array_agg(s.live order by s.at desc))[1] as live
              from shadow s
             where s.rollout = :id and s.compared_at is not null
             group by s.difference, s.tool, s.reason
             order by (s.difference = 'none'), shadows desc, s.difference, s.tool
             limit :most
            """;

    /** What both sides cost, and how long they took, of those that are compared. */
    private static final String SUMS =
            """
            select count(*) as compared, coalesce(sum(l.usd), 0) as live, coalesce(sum(o.usd), 0) as shadow, coalesce(sum(s.usd), 0) as own
              from shadow s
              join outcome l on l.task_id = s.live
              join outcome o on o.task_id = s.task_id
             where s.rollout = :id and s.compared_at is not null
            """;

    /** For so long after the end of a rollout it is known how its shadows differed. */
    private static final Duration KEPT = Duration.ofDays(30);

    private static final String FORGET =
            """
            delete from shadow
             where task_id in (select s.task_id from rollout r join shadow s on s.rollout = r.id
                                where r.ended_at < now() - :ms * interval '1 millisecond' limit :most)
            """;

    /** A shadow, and the task that it mirrors. */
    record Pair(UUID shadow, UUID live) {}

    /** @param minute how many began in the last minute @param usd their own cost of the last day */
    record Used(long minute, BigDecimal usd, long open, long compared) {}

    private final JdbcClient jdbc;

    ShadowRows(DataSource dataSource) {
        this.jdbc = JdbcClient.create(dataSource);
    }

    /** @return false where another process has it, or it does not run */
    boolean lock(String rollout) {
        return jdbc.sql(LOCK)
                .param("id", rollout)
                .query(Integer.class)
                .optional()
                .isPresent();
    }

    Used used(String rollout) {
        return jdbc.sql(USED)
                .param("id", rollout)
                .query((row, i) -> new Used(
                        row.getLong("minute"), row.getBigDecimal("usd"), row.getLong("open"), row.getLong("compared")))
                .single();
    }

    /** The live tasks that have completed since the last look, the oldest first. */
    List<UUID> ended(String rollout, int control, int most) {
        return jdbc.sql(ENDED)
                .param("id", rollout)
                .param("control", control)
                .param("most", most)
                .query(UUID.class)
                .list();
    }

    void keep(String rollout, Pair pair) {
        jdbc.sql(KEEP)
                .param("task", pair.shadow())
                .param("live", pair.live())
                .param("id", rollout)
                .update();
    }

    List<Pair> unsubmitted(String rollout, int most) {
        return pairs(UNSUBMITTED, rollout, most);
    }

    /** Those that have ended and are not compared yet. */
    List<Pair> done(String rollout, int most) {
        return pairs(DONE, rollout, most);
    }

    private List<Pair> pairs(String query, String rollout, int most) {
        return jdbc.sql(query)
                .param("id", rollout)
                .param("most", most)
                .query((row, i) -> new Pair(row.getObject(1, UUID.class), row.getObject(2, UUID.class)))
                .list();
    }

    void compared(UUID shadow, Comparison how, @Nullable String reason) {
        jdbc.sql(COMPARED)
                .param("task", shadow)
                .param("difference", how.difference().text())
                .param("tool", how.tool(), Types.VARCHAR)
                .param("reason", reason, Types.VARCHAR)
                .param("usd", how.usd())
                .update();
    }

    List<ShadowReport.Group> groups(String rollout, int most) {
        return jdbc.sql(GROUPS)
                .param("id", rollout)
                .param("most", most)
                .query((row, i) -> new ShadowReport.Group(
                        Difference.of(row.getString("difference")),
                        row.getString("tool"),
                        row.getString("reason"),
                        row.getLong("shadows"),
                        row.getObject("shadow", UUID.class),
                        row.getObject("live", UUID.class)))
                .list();
    }

    ShadowReport report(String rollout, int most) {
        Used used = used(rollout);
        List<ShadowReport.Group> groups = groups(rollout, most);
        return jdbc.sql(SUMS)
                .param("id", rollout)
                .query((row, i) -> new ShadowReport(
                        used.compared(),
                        used.open(),
                        row.getBigDecimal("live"),
                        row.getBigDecimal("shadow"),
                        row.getBigDecimal("own"),
                        groups))
                .single();
    }

    /** Removes those of rollouts that ended long ago. @return how many */
    int forget(int most) {
        return jdbc.sql(FORGET).param("ms", KEPT.toMillis()).param("most", most).update();
    }
}
