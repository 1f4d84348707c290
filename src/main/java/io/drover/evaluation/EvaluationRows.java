package io.drover.evaluation;

import java.math.BigDecimal;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The evaluations in PostgreSQL. The database writes a row when a task of the sample ends. */
@Repository
class EvaluationRows {

    private static final String COLUMNS =
            """
            select e.task_id, e.workflow, e.version, e.at, e.state, e.asked, e.score, e.reason, e.usd from evaluation e
            """;

    // Those of a workflow that this process has no eval of are another process's, until they are old.
    private static final String OPEN = COLUMNS
            + """
             where e.state = 'OPEN'
               and (e.workflow = any(:workflows) and not e.workflow = any(:full) or e.at < now() - :ms * interval '1 millisecond')
             order by e.at, e.task_id limit :most for update skip locked
            """;

    private static final String ASK =
            """
            update evaluation set state = 'ASKED', asked = :asked where task_id = :task
            """;

    private static final String UNSUBMITTED = COLUMNS
            + """
             where e.state = 'ASKED' and (e.workflow = any(:workflows) or e.at < now() - :ms * interval '1 millisecond')
               and exists (select from unnest(e.asked) a(id) where not exists (select from task t where t.id = a.id))
             order by e.at, e.task_id limit :most
            """;

    private static final String ANSWERED = COLUMNS
            + """
             where e.state = 'ASKED'
               and not exists (select from unnest(e.asked) a(id) left join task t on t.id = a.id
                                where t.id is null or t.status not in ('COMPLETED', 'DEAD', 'CANCELLED'))
               and (e.workflow = any(:workflows) or e.at < now() - :ms * interval '1 millisecond')
             order by e.at, e.task_id limit :most for update skip locked
            """;

    // The cost of a model and of a child stands in clear, also where payloads are encrypted.
    private static final String END =
            """
            update evaluation e
               set state = :state, score = :score, reason = :reason, ended_at = now(),
                   usd = coalesce((select sum(case when c.tool like 'task:%' then c.usd
                                                   when c.tool like 'model.%' and c.fallback is null
                                                   then (c.result ->> 'usd')::numeric end)
                                     from call c where c.task_id = any(e.asked)), 0)
             where e.task_id = :task
            """;

    private static final String USED =
            """
            select workflow, sum(asked) as asked, sum(usd) as usd
              from (select workflow, count(*) as asked, 0 as usd from evaluation where state = 'ASKED' group by workflow
                    union all
                    select workflow, 0, sum(usd) from evaluation where usd > 0 and at > now() - interval '1 day' group by workflow) used
             group by workflow
            """;

    private static final String ONE = COLUMNS + " where e.task_id = :task";

    private static final String FAILED = COLUMNS
            + """
             where e.state = 'FAILED' and e.at > now() - :ms * interval '1 millisecond' and e.workflow = any(:workflows)
             order by e.at desc, e.task_id limit :most
            """;

    private static final String SUMMARY =
            """
            select workflow, version,
                   count(*) filter (where state = 'PASSED') as passed, count(*) filter (where state = 'FAILED') as failed,
                   count(*) filter (where state in ('OPEN', 'ASKED')) as open, count(*) filter (where state = 'UNKNOWN') as unknown,
                   count(*) filter (where state = 'SKIPPED') as skipped, avg(score) as score, sum(usd) as usd
              from evaluation where at > now() - :ms * interval '1 millisecond'
             group by workflow, version order by workflow, version desc
            """;

    private static final String FORGET =
            """
            delete from evaluation
             where task_id in (select task_id from evaluation where at < now() - :ms * interval '1 millisecond' limit :most)
            """;

    /** @param asked evaluations that are under way @param usd what those of the last day cost */
    record Used(long asked, BigDecimal usd) {

        static final Used NOTHING = new Used(0, BigDecimal.ZERO);
    }

    private final JdbcClient jdbc;

    EvaluationRows(DataSource dataSource) {
        this.jdbc = JdbcClient.create(dataSource);
    }

    /**
     * Those that have not begun, the oldest first, locked until the end of the transaction.
     *
     * @param workflows of which this process has an eval
     * @param full      of which none can begin now
     * @param late      from this age on all
     */
    List<Evaluation> open(Collection<String> workflows, Collection<String> full, Duration late, int most) {
        return jdbc.sql(OPEN)
                .param("workflows", workflows.toArray(new String[0]))
                .param("full", full.toArray(new String[0]))
                .param("ms", late.toMillis())
                .param("most", most)
                .query((row, i) -> evaluation(row))
                .list();
    }

    void ask(UUID task, List<UUID> asked) {
        jdbc.sql(ASK)
                .param("task", task)
                .param("asked", asked.toArray(new UUID[0]))
                .update();
    }

    /** Those whose evaluator's tasks are not there, also because a process died before it submitted them; as {@link #open} has them. */
    List<Evaluation> unsubmitted(Collection<String> workflows, Duration late, int most) {
        return list(UNSUBMITTED, workflows, late, most);
    }

    /** Those whose evaluator's tasks have ended, locked until the end of the transaction; the others as {@link #open} has them. */
    List<Evaluation> answered(Collection<String> workflows, Duration late, int most) {
        return list(ANSWERED, workflows, late, most);
    }

    void end(UUID task, Mark mark) {
        jdbc.sql(END)
                .param("task", task)
                .param("state", mark.state().name())
                .param("score", mark.score(), Types.NUMERIC)
                .param("reason", mark.reason(), Types.VARCHAR)
                .update();
    }

    /** By workflow. */
    Map<String, Used> used() {
        Map<String, Used> used = new HashMap<>();
        jdbc.sql(USED).query(row -> {
            used.put(row.getString("workflow"), new Used(row.getLong("asked"), row.getBigDecimal("usd")));
        });
        return used;
    }

    Optional<Evaluation> find(UUID task) {
        return jdbc.sql(ONE)
                .param("task", task)
                .query((row, i) -> evaluation(row))
                .optional();
    }

    /** Those of some workflows that failed, the newest first. */
    List<Evaluation> failed(Collection<String> workflows, Duration since, int most) {
        return list(FAILED, workflows, since, most);
    }

    private List<Evaluation> list(String query, Collection<String> workflows, Duration age, int most) {
        return jdbc.sql(query)
                .param("workflows", workflows.toArray(new String[0]))
                .param("ms", age.toMillis())
                .param("most", most)
                .query((row, i) -> evaluation(row))
                .list();
    }

    List<EvaluationSummary> summary(Duration since) {
        return jdbc.sql(SUMMARY)
                .param("ms", since.toMillis())
                .query((row, i) -> new EvaluationSummary(
                        row.getString("workflow"),
                        row.getInt("version"),
                        row.getLong("passed"),
                        row.getLong("failed"),
                        row.getLong("open"),
                        row.getLong("unknown"),
                        row.getLong("skipped"),
                        row.getBigDecimal("score"),
                        row.getBigDecimal("usd")))
                .list();
    }

    /** Removes those that are old. @return how many */
    int forget(Duration kept, int most) {
        return jdbc.sql(FORGET).param("ms", kept.toMillis()).param("most", most).update();
    }

    private static Evaluation evaluation(ResultSet row) throws SQLException {
        Array asked = row.getArray("asked");
        return new Evaluation(
                row.getObject("task_id", UUID.class),
                row.getString("workflow"),
                row.getInt("version"),
                row.getTimestamp("at").toInstant(),
                EvaluationState.valueOf(row.getString("state")),
                asked == null ? List.of() : List.of((UUID[]) asked.getArray()),
                row.getBigDecimal("score"),
                row.getString("reason"),
                row.getBigDecimal("usd"));
    }
}
