package io.drover.jobs;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfig;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.cluster.CamelClusterMember;
import org.apache.camel.support.cluster.AbstractCamelClusterView;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether this process holds a Lease. It stands for election as long as it runs, and gives the Lease back when it stops. */
final class LeaseView extends AbstractCamelClusterView {

    private static final Logger LOG = LoggerFactory.getLogger(LeaseView.class);

    // As in client-go: another follows after the first without a renewal, and the leader knows after the second.
    private static final Duration LEASE = Duration.ofSeconds(15);
    private static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofSeconds(2);

    private record Member(String getId, boolean isLeader, boolean isLocal) implements CamelClusterMember {}

    private final KubernetesClient client;
    private final String lease;
    private final String self = ManagementFactory.getRuntimeMXBean().getName(); // in a pod: 1@<pod>
    private volatile String leader = "";
    private volatile boolean leads;
    private @Nullable ScheduledExecutorService executor;
    private @Nullable CompletableFuture<?> campaign;

    LeaseView(LeaseClusterService service, String namespace, KubernetesClient client) {
        super(service, namespace);
        this.client = client;
        this.lease = "drover-" + namespace;
    }

    @Override
    protected void doStart() {
        executor = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("lease-" + lease).factory());
        stand();
    }

    /** An election ends for this process when it has led and lost; then it stands again. */
    private void stand() {
        CompletableFuture<?> election = new LeaderElector(client, election(), executor).start();
        campaign = election;
        election.whenComplete((ended, problem) -> {
            if (isRunAllowed() && !election.isCancelled()) {
                executor.schedule(this::stand, RETRY.toMillis(), TimeUnit.MILLISECONDS);
            }
        });
    }

    private LeaderElectionConfig election() {
        // Another name each time: it must not take what it held before for its own.
        String candidate = self + "_" + UUID.randomUUID();
        return new LeaderElectionConfigBuilder()
                .withName(lease)
                .withLock(new ReportingLock(new LeaseLock(client.getNamespace(), lease, candidate)))
                .withLeaseDuration(LEASE)
                .withRenewDeadline(RENEW_DEADLINE)
                .withRetryPeriod(RETRY)
                .withReleaseOnCancel(true)
                .withLeaderCallbacks(new LeaderCallbacks(() -> lead(true), () -> lead(false), this::leaderIs))
                .build();
    }

    private void lead(boolean now) {
        if (leads != now) {
            leads = now;
            LOG.info("the lease {} is {}", lease, now ? "held here" : "no longer held here");
            fireLeadershipChangedEvent(getLeader());
        }
    }

    private void leaderIs(String holder) {
        leader = holder == null ? "" : holder;
    }

    @Override
    protected void doStop() {
        if (campaign != null && executor != null) {
            campaign.cancel(true); // which gives the lease back
            executor.shutdownNow();
        }
        lead(false);
    }

    @Override
    public Optional<CamelClusterMember> getLeader() {
        return leads
                ? Optional.of(getLocalMember())
                : leader.isEmpty() ? Optional.empty() : Optional.of(new Member(leader, true, false));
    }

    @Override
    public CamelClusterMember getLocalMember() {
        return new Member(self, leads, true);
    }

    @Override
    public List<CamelClusterMember> getMembers() {
        return List.of(getLocalMember()); // a Lease knows its holder only
    }
}
