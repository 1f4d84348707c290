package io.drover.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.OtherListeners;
import io.drover.OtherListeners.Heard;
import io.drover.TestDatabase;
import io.drover.deploy.Build;
import io.drover.task.Submit;
import io.drover.task.TaskService;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The dispatcher, with its own route, on a mock of Kubernetes' API server. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.NONE,
        properties = {"drover.role=trigger", "drover.jobs.max=3"})
@ExtendWith(OutputCaptureExtension.class)
@DirtiesContext // it goes on asking the API server
@Import(OtherListeners.class)
class WorkerJobsTest {

    private static final String JOBS = " /apis/batch/v1/namespaces/agents/jobs";
    private static final String LEASES = " /apis/coordination.k8s.io/v1/namespaces/agents/leases/.*";
    private static final ApiServer API = new ApiServer();

    @Autowired
    TaskService tasks;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    MeterRegistry meters;

    @Autowired
    Heard heard;

    @Autowired
    CamelContext camel;

    @DynamicPropertySource
    static void places(DynamicPropertyRegistry registry) throws Exception {
        // Of fabric8's client, which reads them when it is first asked for.
        API.environmentAsProperties().forEach(System::setProperty);
        String routes = ApiServer.routes().toString();
        String database = TestDatabase.create();
        registry.add("drover.routes.directory", () -> routes);
        registry.add("spring.datasource.url", () -> database);
    }

    @AfterAll
    static void close() {
        API.environmentAsProperties().keySet().forEach(System::clearProperty);
        API.close();
    }

    @BeforeEach
    void empty() {
        API.refuseNothing();
        jdbc.sql("delete from task").update();
        // A look that has read the tasks of the test before would make a Job for them.
        await().until(() -> camel.getInflightRepository().size() == 0);
        API.deleteTemplate("drover-worker");
        API.putTemplate("drain");
        API.jobs().forEach(API::delete);
    }

    @Test
    void makesAJobOutOfTheTemplate() {
        submit("heavy", 1);

        Job job = awaitJobs(1).get(0);

        assertThat(job.getMetadata().getName()).matches("drover-heavy-[0-9a-f]{8}");
        assertThat(job.getMetadata().getLabels())
                .containsEntry("app.kubernetes.io/component", "job")
                .containsEntry("app", "ai-agent");
        assertThat(job.getMetadata().getAnnotations()).containsEntry("drover.io/workflow", "heavy");
        assertThat(job.getSpec().getBackoffLimit()).isEqualTo(2);
        assertThat(job.getSpec().getTtlSecondsAfterFinished())
                .as("Kubernetes removes it when it has ended")
                .isEqualTo(600);
        var containers = job.getSpec().getTemplate().getSpec().getContainers();
        assertThat(containers.get(0).getArgs()).isEmpty();
        assertThat(containers.get(1).getArgs()).containsExactly("drain", "--drover.worker.workflows=heavy");
        assertThat(containers.get(1).getEnv()).hasSize(1);
    }

    @Test
    void makesAsManyAsTheWorkflowsConcurrencyAsksFor() {
        submit("heavy", 3);

        awaitJobs(2);
        staysAt(2);
    }

    @Test
    void makesNoneForTasksThatAnyProcessWorksOn() {
        submit("light", 5);

        staysAt(0);
    }

    @Test
    void makesNoneForTasksThatWait() {
        tasks.submit(new Submit("heavy", null, "{\"n\":1}", 4, Duration.ofHours(1), "test"))
                .join();

        staysAt(0);
        jdbc.sql("update task set run_at = now()").update();
        awaitJobs(1);
    }

    @Test
    void sharesTheLimitAmongTheWorkflows() {
        API.refuse("GET" + JOBS, 503); // until both are there
        submit("heavy", 9);
        submit("report", 9);
        API.refuseNothing();

        assertThat(awaitJobs(3)).extracting(WorkerJobsTest::workflow).contains("heavy", "report");
        staysAt(3);

        API.end(API.jobs().get(0), "Complete");

        awaitJobs(4);
        staysAt(4);
    }

    @Test
    void aJobThatFailedIsNotMadeAgainUntilItIsRemoved(CapturedOutput log) {
        submit("report", 1);
        Job job = awaitJobs(1).get(0);

        API.end(job, "Failed");

        // The log first, and the listeners after it.
        await().until(() -> heard.calls().contains("JobListener.failed")
                && meters.counter("agent.jobs.failed", "workflow", "report").count() > 0);
        assertThat(meters.counter("agent.jobs.failed", "workflow", "report").count())
                .isEqualTo(1);
        assertThat(log.getAll())
                .contains("the Job %s for report failed"
                        .formatted(job.getMetadata().getName()));
        assertThat(heard.calls()).contains("JobListener.watched", "JobListener.made");
        staysAt(1);
        API.delete(job);
        awaitJobs(1);
    }

    @Test
    void goesOnWhenTheApiServerDoesAgain(CapturedOutput log) {
        API.refuse("POST" + JOBS, 403);
        submit("report", 1);
        await().until(() -> log.getAll().contains("worker Jobs could not be made"));
        assertThat(log.getAll()).contains("refused by the test");
        assertThat(API.jobs()).isEmpty();

        API.refuseNothing();

        awaitJobs(1);
        staysAt(1);
    }

    @Test
    void namesTheTemplateThatIsNotThere(CapturedOutput log) {
        API.deleteTemplate("drover-worker");
        submit("report", 1);

        await().until(() -> log.getAll()
                .contains("there is no CronJob 'drover-worker' (drover.jobs.template) in the namespace 'agents'"));
    }

    /** Longer than the leader may go on without a renewal. */
    @Test
    void leadsAgainAfterTheLeaseCouldNotBeRenewed(CapturedOutput log) {
        submit("report", 1);
        awaitJobs(1);
        API.refuse("PATCH" + LEASES, 500);
        await().until(() -> log.getAll().contains("the lease drover-jobs is no longer held here"));
        assertThat(log.getAll()).contains("cannot be renewed");
        submit("heavy", 1);
        staysAt(1);

        API.refuseNothing();

        awaitJobs(2);
        assertThat(log.getAll().lines().filter(line -> line.contains("the lease drover-jobs is")))
                .last()
                .asString()
                .contains("is held here");
    }

    /** What it has asked for since it started, in this and the other tests: nothing that the Role lacks, and all that it grants. */
    @Test
    void asksForWhatItsRoleGrants() {
        Set<String> granted = Rights.granted(Build.named("worker-jobs").object("Role", "drover-dispatcher"));
        submit("report", 1);
        awaitJobs(1);

        await().untilAsserted(() ->
                assertThat(API.asked().stream().map(Rights::wanted)).containsAll(granted));
        assertThat(API.asked())
                .allSatisfy(request ->
                        assertThat(Rights.wanted(request)).as(request).isIn(granted));
    }

    private static String workflow(Job job) {
        return job.getMetadata().getAnnotations().get("drover.io/workflow");
    }

    private void submit(String workflow, int count) {
        for (int n = 0; n < count; n++) {
            tasks.submit(new Submit(workflow, null, "{\"n\":%d}".formatted(n), 4, Duration.ZERO, "test"))
                    .join();
        }
    }

    private static List<Job> awaitJobs(int count) {
        return await().until(API::jobs, jobs -> jobs.size() == count);
    }

    /** For several looks of the dispatcher. */
    private static void staysAt(int count) {
        await().during(Duration.ofSeconds(1)).until(() -> API.jobs().size() == count);
    }
}
