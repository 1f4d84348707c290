package io.drover.jobs;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpec;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpecBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.component.kubernetes.KubernetesConstants;
import org.jspecify.annotations.Nullable;

/** The Job of a workflow: as the CronJob {@code drover.jobs.template} describes it, for that workflow only. */
final class JobTemplate {

    private static final String CONTAINER = "drover";
    private static final int FINISHED_SECONDS = 600;
    private static final int NAME_LENGTH = 40; // of the 63 of a host name, which the pod's has to be

    private final JobProperties properties;
    private final KubernetesClient client;

    JobTemplate(JobProperties properties, KubernetesClient client) {
        this.properties = properties;
        this.client = client;
    }

    /** Sets the headers with which Kubernetes is asked to create a Job. */
    void describe(@Nullable CronJob cronJob, String workflow, Map<String, Object> headers) {
        if (cronJob == null) {
            throw new IllegalStateException("there is no CronJob '%s' (drover.jobs.template) in the namespace '%s'"
                    .formatted(properties.template(), client.getNamespace()));
        }
        Map<String, String> labels = new HashMap<>(WorkerJobs.LABELS);
        if (cronJob.getSpec().getJobTemplate().getMetadata() != null) {
            labels.putAll(cronJob.getSpec().getJobTemplate().getMetadata().getLabels());
        }
        headers.put(KubernetesConstants.KUBERNETES_JOB_NAME, name(workflow));
        headers.put(KubernetesConstants.KUBERNETES_JOB_LABELS, labels);
        headers.put(KubernetesConstants.KUBERNETES_JOB_ANNOTATIONS, Map.of(WorkerJobs.WORKFLOW, workflow));
        headers.put(KubernetesConstants.KUBERNETES_JOB_SPEC, spec(cronJob, workflow));
    }

    private JobSpec spec(CronJob cronJob, String workflow) {
        JobSpec spec = new JobSpecBuilder(cronJob.getSpec().getJobTemplate().getSpec()).build();
        Container container = spec.getTemplate().getSpec().getContainers().stream()
                .filter(one -> one.getName().equals(CONTAINER))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalStateException("the CronJob '%s' (drover.jobs.template) has no container '%s'"
                                .formatted(properties.template(), CONTAINER)));
        container.getArgs().add("--drover.worker.workflows=" + workflow);
        if (spec.getTtlSecondsAfterFinished() == null) {
            spec.setTtlSecondsAfterFinished(FINISHED_SECONDS);
        }
        return spec;
    }

    /** Unique for each Job, and a valid host name (RFC 1123), which the name of a workflow need not be. */
    private static String name(String workflow) {
        String host = workflow.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        return "drover-%s-%s"
                .formatted(
                        host.substring(0, Math.min(NAME_LENGTH, host.length())),
                        UUID.randomUUID().toString().substring(0, 8));
    }
}
