package io.drover.jobs;

import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobList;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.ScalableResource;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The fabric8 mock of Kubernetes' API server, which keeps what it is given, and refuses what it is told to. */
public final class ApiServer implements AutoCloseable {

    public static final String NAMESPACE = "agents";

    /** Longer than a test waits. */
    private static final int HANGS_SECONDS = 45;

    private static final String ITSELF = "the test";

    private final Map<String, Integer> refused = new ConcurrentHashMap<>();
    private volatile String hanging = "";
    private final Set<String> asked = ConcurrentHashMap.newKeySet();
    private final KubernetesMockServer server =
            new KubernetesMockServer(new Context(), new MockWebServer(), new HashMap<>(), new Refusing(), false);
    private final KubernetesClient client;

    private final class Refusing extends KubernetesCrudDispatcher {
        @Override
        public MockResponse dispatch(RecordedRequest request) {
            String what = request.getMethod() + " " + request.getPath().replaceFirst("\\?.*", "");
            if (!ITSELF.equals(request.getHeader("User-Agent"))) {
                asked.add(request.getMethod() + " " + request.getPath());
            }
            if (what.matches(hanging) && !ITSELF.equals(request.getHeader("User-Agent"))) {
                return new MockResponse().setBody("{}").setBodyDelay(HANGS_SECONDS, TimeUnit.SECONDS);
            }
            Integer status = refused.entrySet().stream()
                    .filter(one -> what.matches(one.getKey()))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse(null);
            return status == null
                    ? super.dispatch(request)
                    : new MockResponse()
                            .setResponseCode(status)
                            .setBody(
                                    "{\"kind\":\"Status\",\"status\":\"Failure\",\"code\":%d,\"message\":\"refused by the test\"}"
                                            .formatted(status));
        }
    }

    public ApiServer() {
        server.init(InetAddress.getLoopbackAddress(), 0);
        client = server.createClient(builder ->
                        builder.editOrNewConfig().withUserAgent(ITSELF).endConfig())
                .inNamespace(NAMESPACE)
                .adapt(KubernetesClient.class);
    }

    /** The same as system properties, for a client in this process. */
    public Map<String, String> environmentAsProperties() {
        Map<String, String> properties = new HashMap<>();
        environment()
                .forEach((name, value) -> properties.put(
                        name.toLowerCase(Locale.ROOT)
                                .replace('_', '.')
                                .replace("trykube", "tryKube")
                                .replace("tryservicea", "tryServiceA"),
                        value));
        return properties;
    }

    /** What a pod finds in its environment. */
    public Map<String, String> environment() {
        return Map.of(
                "KUBERNETES_MASTER",
                server.url("/"),
                "KUBERNETES_NAMESPACE",
                NAMESPACE,
                "KUBERNETES_AUTH_TRYKUBECONFIG",
                "false",
                "KUBERNETES_AUTH_TRYSERVICEACCOUNT",
                "false");
    }

    /** From now on every request whose method and path match is answered so. */
    public void refuse(String methodAndPath, int status) {
        refused.put(methodAndPath, status);
    }

    /** The methods and paths, with their queries, that anybody but the test has asked for. */
    Set<String> asked() {
        return Set.copyOf(asked);
    }

    /** From now on no request whose method and path match is answered in time, until {@link #refuseNothing}. */
    void hang(String methodAndPath) {
        hanging = methodAndPath;
    }

    public void refuseNothing() {
        hanging = "";
        refused.clear();
    }

    /** The CronJob that Jobs are made of; {@code drover} is its second container, with these arguments. */
    public void putTemplate(String... arguments) {
        client.batch()
                .v1()
                .cronjobs()
                .inNamespace(NAMESPACE)
                .resource(Serialization.unmarshal(
                        """
                        apiVersion: batch/v1
                        kind: CronJob
                        metadata: { name: drover-worker, namespace: agents }
                        spec:
                          schedule: "0 0 31 2 *"
                          suspend: true
                          jobTemplate:
                            metadata: { labels: { app: ai-agent } }
                            spec:
                              backoffLimit: 2
                              template:
                                spec:
                                  restartPolicy: Never
                                  containers:
                                    - { name: sidecar, image: other }
                                    - { name: drover, image: "drover:1", args: ["%s"], env: [{ name: A, value: b }] }
                        """
                                .formatted(String.join("\", \"", arguments)),
                        CronJob.class))
                .create();
    }

    public void deleteTemplate(String name) {
        client.batch().v1().cronjobs().inNamespace(NAMESPACE).withName(name).delete();
    }

    public List<Job> jobs() {
        return jobsHere().list().getItems();
    }

    /** As the Job controller does when a Job's pods have ended. */
    public void end(Job job, String condition) {
        jobsHere()
                .resource(new JobBuilder(job)
                        .withNewStatus()
                        .addNewCondition()
                        .withType(condition)
                        .withStatus("True")
                        .endCondition()
                        .endStatus()
                        .build())
                .updateStatus();
    }

    public void delete(Job job) {
        jobsHere().resource(job).delete();
    }

    /** A client that waits for an answer as long as it takes. */
    KubernetesClient patientClient() {
        return server.createClient(builder -> builder.editOrNewConfig()
                        .withRequestTimeout(0)
                        .withRequestRetryBackoffLimit(0)
                        .endConfig())
                .inNamespace(NAMESPACE)
                .adapt(KubernetesClient.class);
    }

    /** Gives a lease to another process, which does not renew it. Its holder may renew it at the same time. */
    void giveLease(String name, String holder) {
        while (true) {
            try {
                client.leases().inNamespace(NAMESPACE).withName(name).edit(lease -> new LeaseBuilder(lease)
                        .editSpec()
                        .withHolderIdentity(holder)
                        .withRenewTime(ZonedDateTime.now(ZoneOffset.UTC))
                        .endSpec()
                        .build());
                return;
            } catch (KubernetesClientException e) {
                if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                    throw e;
                }
            }
        }
    }

    /** Who holds the lease, or an empty text. */
    public String holder(String name) {
        Lease lease = lease(name);
        return lease == null ? "" : lease.getSpec().getHolderIdentity();
    }

    /** How long the lease lasts after it was renewed. */
    public int leaseSeconds(String name) {
        return lease(name).getSpec().getLeaseDurationSeconds();
    }

    private Lease lease(String name) {
        return client.leases().inNamespace(NAMESPACE).withName(name).get();
    }

    private NonNamespaceOperation<Job, JobList, ScalableResource<Job>> jobsHere() {
        return client.batch().v1().jobs().inNamespace(NAMESPACE);
    }

    /** A folder with the route that makes the Jobs, looking more often than in production, and workflows for Jobs and without. */
    public static Path routes() throws java.io.IOException {
        Path routes = Files.createTempDirectory("drover-routes");
        Files.writeString(
                routes.resolve("jobs.camel.yaml"),
                Files.readString(Path.of("kustomize/components/worker-jobs/routes/jobs.camel.yaml"))
                        .replace("period: 5s", "period: 200ms"));
        try (var files = Files.list(Path.of("src/test/resources/routes-jobs"))) {
            for (Path file : files.toList()) {
                Files.copy(file, routes.resolve(file.getFileName()));
            }
        }
        return routes;
    }

    @Override
    public void close() {
        client.close();
        server.destroy();
    }
}
