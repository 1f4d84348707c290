package io.drover.journal;

import io.drover.encryption.SealedColumn;
import io.drover.encryption.Seals;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The progress of the queue, or of one task, for commands that end when the work is done. */
@Repository
public class QueueState {

    private static final String PROGRESS =
            """
            select status, output::text, error::text from task where id = :id
            """;

    // What this process's track could claim, and what is being worked on; a stable one's also of the canary, where no
    // canary worker takes any. Each part reads a partial index.
    private static final String LOAD =
            """
            select workflow, sum(due), sum(running)
              from (select workflow, track, 1 as due, 0 as running from task where status = 'QUEUED'
                    union all
                    select workflow, track, 1, 0 from task where status = 'WAITING' and run_at <= now()
                    union all
                    select workflow, track, 0, 1 from task where status = 'RUNNING') wanting
              join unnest(:workflows::text[], :suffixes::text[]) as known(workflow, suffix) using (workflow)
             where track = :track || suffix
                or :track = 'stable' and track = 'canary' || suffix
                   and not exists (select from worker where worker.track = 'canary' and not leaving)
             group by workflow
            """;

    private static final String HELD =
            """
            select count(*) from task
              join unnest(:workflows::text[], :suffixes::text[]) as known(workflow, suffix) using (workflow)
             where status = 'WAITING' and wait_reason = 'HELD' and track = :track || suffix
            """;

    /**
     * @param output of a completed task, a JSON document
     * @param error  of the last attempt that failed, a JSON document
     */
    public record Progress(TaskStatus status, @Nullable String output, @Nullable String error) {
        public boolean isCompleted() {
            return status == TaskStatus.COMPLETED;
        }
    }

    /**
     * The tasks of a workflow that need a worker.
     *
     * @param due     could be worked on now
     * @param running under the lease of a worker, which may have died
     */
    public record Load(int due, int running) {
        private static final Load NONE = new Load(0, 0);

        private Load plus(Load other) {
            return new Load(due + other.due, running + other.running);
        }
    }

    private final JdbcClient jdbc;
    private final Seals seals;
    private final Tracks tracks;

    QueueState(DataSource dataSource, Tracks tracks) {
        this.jdbc = JdbcClient.create(dataSource);
        this.seals = Seals.of(dataSource).forPeople();
        this.tracks = tracks;
    }

    /** The progress of a task. */
    public Progress progress(UUID task) {
        return jdbc.sql(PROGRESS)
                .param("id", task)
                .query((row, i) -> new Progress(
                        TaskStatus.valueOf(row.getString(1)),
                        seals.open(SealedColumn.TASK_OUTPUT, task, row.getString(2)),
                        seals.open(SealedColumn.TASK_ERROR, task, row.getString(3))))
                .single();
    }

    /** The tasks of these versions, on this process's track, by workflow; a workflow without any is left out. */
    public Map<String, Load> load(Collection<WorkflowVersion> versions) {
        Map<String, Load> load = new TreeMap<>();
        jdbc.sql(LOAD)
                .param("workflows", workflows(versions))
                .param("suffixes", suffixes(versions))
                .param("track", tracks.own())
                .query(row -> {
                    load.put(row.getString(1), new Load(row.getInt(2), row.getInt(3)));
                });
        return load;
    }

    /** How many tasks of these versions wait for a hold, on this process's track. */
    public long held(Collection<WorkflowVersion> versions) {
        return jdbc.sql(HELD)
                .param("workflows", workflows(versions))
                .param("suffixes", suffixes(versions))
                .param("track", tracks.own())
                .query(Long.class)
                .single();
    }

    /** All tasks of these versions together, on this process's track. */
    public Load total(Collection<WorkflowVersion> versions) {
        return load(versions).values().stream().reduce(Load.NONE, Load::plus);
    }

    private static String[] workflows(Collection<WorkflowVersion> versions) {
        return versions.stream().map(WorkflowVersion::workflow).toArray(String[]::new);
    }

    private static String[] suffixes(Collection<WorkflowVersion> versions) {
        return versions.stream().map(version -> Lane.suffix(version.version())).toArray(String[]::new);
    }
}
