package io.drover.jobs;

import io.drover.hold.HoldsInForce;
import io.drover.journal.QueueState;
import io.drover.start.Listeners;
import io.drover.task.WorkerKind;
import io.drover.task.Workflow;
import io.drover.task.WorkflowRegistry;
import io.drover.task.WorkflowSpec;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.Headers;
import org.apache.camel.component.kubernetes.KubernetesConstants;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/**
 * Answers the route {@code jobs}: how many worker processes the due tasks need, and which Jobs are missing.
 * A failed Job counts like a running one until Kubernetes removes it ({@code ttlSecondsAfterFinished}).
 * So a Job that fails immediately is not created again and again.
 */
@Component("jobs")
public class WorkerJobs {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerJobs.class);

    /** The label of a Job that names the workflow whose tasks it runs. */
    static final String WORKFLOW = "drover.io/workflow";

    static final Map<String, String> LABELS = Map.of("app.kubernetes.io/component", "job");

    private static final String WANTED = "DroverJobsWanted";

    private final JobProperties properties;
    private final QueueState queue;
    private final WorkflowRegistry workflows;
    private final HoldsInForce holds;
    private final KubernetesClient client;
    private final Listeners<JobListener> listeners;
    private final JobTemplate template;
    private final Set<String> reported = new HashSet<>();

    WorkerJobs(
            JobProperties properties,
            QueueState queue,
            WorkflowRegistry workflows,
            HoldsInForce holds,
            @Lazy KubernetesClient client,
            List<JobListener> listeners) {
        this.properties = properties;
        this.queue = queue;
        this.workflows = workflows;
        this.holds = holds;
        this.client = client;
        this.listeners = new Listeners<>(listeners);
        this.template = new JobTemplate(properties, client);
    }

    /**
     * How many processes the due and running tasks need, by workflow; each process runs as many tasks concurrently as
     * the workflow's {@code concurrency} says. Sets the headers with which Kubernetes is asked for the existing Jobs.
     */
    public Map<String, Integer> wanted(@Headers Map<String, Object> headers) {
        List<WorkflowSpec> ofJobs = workflows.versions().stream()
                .map(Workflow::spec)
                .filter(spec -> spec.worker() == WorkerKind.JOB)
                .toList();
        Map<String, WorkflowSpec> specs = ofJobs.stream()
                .collect(Collectors.toMap(WorkflowSpec::name, Function.identity(), (lower, higher) -> higher));
        listeners.each(listener -> listener.watched(specs.keySet()));
        Map<String, Integer> wanted = new TreeMap<>();
        queue.load(ofJobs.stream().map(WorkflowSpec::id).toList()).forEach((workflow, load) -> {
            WorkflowSpec spec = specs.get(workflow);
            if (spec != null && !holds.holdsWorkflow(workflow)) { // a Job would find nothing to do
                wanted.put(workflow, Math.ceilDiv(load.due() + load.running(), spec.concurrency()));
            }
        });
        headers.put(WANTED, wanted);
        headers.put(KubernetesConstants.KUBERNETES_NAMESPACE_NAME, client.getNamespace());
        headers.put(KubernetesConstants.KUBERNETES_JOB_LABELS, LABELS);
        headers.put(KubernetesConstants.KUBERNETES_CRON_JOB_NAME, properties.template());
        return wanted;
    }

    /** The workflows with missing Jobs, once for each missing Job, in turns, up to the limit. */
    public List<String> missing(List<Job> jobs, @Header(WANTED) Map<String, Integer> wanted) {
        Map<String, Integer> lack = new TreeMap<>(wanted);
        int room = properties.max();
        for (Job job : jobs) {
            if (!is(job, "Complete")) {
                room--;
                String workflow = workflow(job);
                if (workflow != null) {
                    lack.computeIfPresent(workflow, (name, count) -> count - 1);
                }
            }
        }
        reportFailed(jobs);
        List<String> missing = new ArrayList<>();
        for (boolean more = true; more && missing.size() < room; ) {
            more = false;
            for (Map.Entry<String, Integer> entry : lack.entrySet()) {
                if (entry.getValue() > 0 && missing.size() < room) {
                    entry.setValue(entry.getValue() - 1);
                    missing.add(entry.getKey());
                    more = true;
                }
            }
        }
        return missing;
    }

    /** The headers with which Kubernetes is asked to create a Job for a workflow from the template. */
    public void describe(Exchange exchange) {
        String workflow = exchange.getVariable("workflow", String.class);
        CronJob cronJob = exchange.getMessage().getBody(CronJob.class);
        template.describe(cronJob, workflow, exchange.getMessage().getHeaders());
    }

    /** Reports that a Job was created. */
    public void made(Job job, Exchange exchange) {
        String workflow = exchange.getVariable("workflow", String.class);
        LOG.info("created the Job {} for {}", job.getMetadata().getName(), workflow);
        listeners.each(listener -> listener.made(workflow));
    }

    /** Once for each Job. */
    private void reportFailed(List<Job> jobs) {
        Map<String, Job> failed = jobs.stream()
                .filter(job -> is(job, "Failed"))
                .collect(Collectors.toMap(job -> job.getMetadata().getName(), Function.identity()));
        reported.retainAll(failed.keySet());
        failed.forEach((name, job) -> {
            String workflow = workflow(job);
            if (reported.add(name) && workflow != null) {
                LOG.error(
                        "the Job {} for {} failed, see the logs of its pods; it counts as one of its workflow's Jobs until Kubernetes removes it",
                        name,
                        workflow);
                listeners.each(listener -> listener.failed(workflow));
            }
        });
    }

    private static @Nullable String workflow(Job job) {
        Map<String, String> annotations = job.getMetadata().getAnnotations();
        return annotations == null ? null : annotations.get(WORKFLOW);
    }

    private static boolean is(Job job, String condition) {
        return job.getStatus() != null
                && job.getStatus().getConditions().stream()
                        .anyMatch(one -> one.getType().equals(condition)
                                && one.getStatus().equals("True"));
    }
}
