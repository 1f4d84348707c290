package io.drover;

import org.springframework.jdbc.core.simple.JdbcClient;

/** A rollout of versions that nobody has, so that no task is concerned. */
public final class SampleRollout {

    private SampleRollout() {}

    /**
     * Begins it at 2.5 %, and ends 200 tasks on each side.
     *
     * @param tasks  that are compared in each step
     * @param deadOf of as many tasks of both sides, one is dead, of the candidate's
     */
    public static void begin(JdbcClient jdbc, String id, int tasks, int deadOf) {
        jdbc.sql(
                        """
                        insert into rollout (id, workflow, candidate, control, settings, share, who, reason)
                        values (:id, 'of-' || :id, 3, 2,
                                json_build_object('steps', array[25000, 500000, 1000000], 'tasks', :tasks, 'inFlight', 'FINISH', 'windowMs', 3600000,
                                                  'rails', '[{"name":"dead","tolerance":2},{"name":"duration","tolerance":5}]'::json),
                                25000, 'drover:rollouts', 'the file of rollouts says so')
                        """)
                .param("id", id)
                .param("tasks", tasks)
                .update();
        jdbc.sql(
                        """
                        insert into outcome (task_id, rollout, version, dead, in_doubt, rejected, duration_ms, usd, attempts, calls)
                        select gen_random_uuid(), :id, 2 + n % 2, n % :dead = 1, false, false, 100 + n, 0, 1, 1 from generate_series(1, 400) n
                        """)
                .param("id", id)
                .param("dead", deadOf)
                .update();
    }
}
