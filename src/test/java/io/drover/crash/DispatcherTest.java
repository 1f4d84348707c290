package io.drover.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.Drover;
import io.drover.DroverJvm;
import io.drover.ForkDirectory;
import io.drover.TestDatabase;
import io.drover.jobs.ApiServer;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Two dispatchers, a worker and worker Jobs, each a real process; the API server is fabric8's mock, and the test is the Job controller. */
@Tag("release")
class DispatcherTest {

    private final String jdbcUrl = TestDatabase.migrated();
    private final JdbcClient jdbc = JdbcClient.create(new DriverManagerDataSource(jdbcUrl));
    private final Map<String, Process> pods = new ConcurrentHashMap<>();

    @Test
    void heavyTasksAreDoneByJobsWhoeverDies() throws Exception {
        String routes = "--drover.routes.directory=" + ApiServer.routes();
        try (ApiServer api = new ApiServer();
                DroverProcess worker = DroverProcess.start(
                        jdbcUrl, null, routes, "--drover.role=worker", "--drover.worker.job-workflows=false")) {
            api.putTemplate(
                    "drain",
                    routes,
                    "--spring.datasource.url=" + jdbcUrl,
                    "--drover.worker.lease=1500ms",
                    "--drover.worker.heartbeat=400ms");
            worker.awaitClaiming();
            try (DroverProcess one = dispatcher(api, routes);
                    DroverProcess other = dispatcher(api, routes)) {
                await().until(() -> !api.holder("drover-jobs").isEmpty());
                DroverProcess leader = leads(api, one) ? one : other;
                DroverProcess follower = leader == one ? other : one;

                submit("light", 4);
                submit("heavy", 6); // two at once in a Job
                await().until(() -> api.jobs().size() == 3 && completed("light") == 4);
                assertThat(completed("heavy"))
                        .as("a worker leaves them to Jobs")
                        .isZero();
                await().until(() -> {
                    run(api);
                    return completed("heavy") == 6 && pods.isEmpty();
                });

                leader.kill();
                submit("heavy", 2);
                await().until(() -> {
                    run(api);
                    return completed("heavy") == 8;
                });
                assertThat(leads(api, follower)).isTrue();
                assertThat(api.jobs()).hasSize(4);
                assertThat(jdbc.sql("select count(*) from task where attempt <> 1")
                                .query(Integer.class)
                                .single())
                        .as("nothing was begun twice")
                        .isZero();

                submit("report", 1);
                killOnePodAtWork(api);
                await().until(() -> {
                    run(api);
                    return completed("report") == 1;
                });

                follower.signal("TERM");
                follower.awaitDeath();
                assertThat(api.leaseSeconds("drover-jobs"))
                        .as("it gave the lease back: the next need not wait for its end")
                        .isEqualTo(1);
            }
        } finally {
            pods.values().forEach(Process::destroyForcibly);
        }
    }

    private void killOnePodAtWork(ApiServer api) {
        await().pollInterval(Duration.ofMillis(20)).until(() -> {
            run(api);
            return jdbc.sql("select count(*) from task where workflow = 'report' and status = 'RUNNING'")
                            .query(Integer.class)
                            .single()
                    == 1;
        });
        pods.values().forEach(Process::destroyForcibly);
    }

    /** What the Job controller does: a pod for each Job, again when it failed, and the Job's end when it ended well. */
    private void run(ApiServer api) {
        for (Job job : api.jobs()) {
            boolean ended =
                    job.getStatus() != null && !job.getStatus().getConditions().isEmpty();
            if (!ended) {
                Process pod = pods.computeIfAbsent(job.getMetadata().getName(), name -> pod(job));
                if (!pod.isAlive()) {
                    pods.remove(job.getMetadata().getName());
                    if (pod.exitValue() == 0) {
                        api.end(job, "Complete");
                    }
                }
            }
        }
    }

    private Process pod(Job job) {
        List<String> command = DroverJvm.command(Drover.class);
        command.addAll(
                job.getSpec().getTemplate().getSpec().getContainers().get(1).getArgs());
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ForkDirectory.of("crash")
                            .resolve(job.getMetadata().getName() + ".log")
                            .toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private DroverProcess dispatcher(ApiServer api, String routes) {
        return DroverProcess.start(api.environment(), jdbcUrl, routes, "--drover.role=trigger", "--drover.jobs.max=3");
    }

    private static boolean leads(ApiServer api, DroverProcess dispatcher) {
        return api.holder("drover-jobs").startsWith(dispatcher.pid() + "@");
    }

    private void submit(String workflow, int count) {
        jdbc.sql(
                        """
                        insert into task (id, workflow, status, input)
                        select gen_random_uuid(), :workflow, 'QUEUED', json_build_object('n', n)
                          from generate_series(1, :count) n
                        """)
                .param("workflow", workflow)
                .param("count", count)
                .update();
    }

    private int completed(String workflow) {
        return jdbc.sql("select count(*) from task where workflow = :workflow and status = 'COMPLETED'")
                .param("workflow", workflow)
                .query(Integer.class)
                .single();
    }
}
