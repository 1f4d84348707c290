package io.drover.jobs;

import io.drover.start.Periodic;
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
import org.apache.camel.cluster.CamelClusterMember;
import org.apache.camel.support.cluster.AbstractCamelClusterView;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this process holds a Lease.
 * The process stands for election as long as it runs, and gives the Lease back when it stops.
 */
final class LeaseView extends AbstractCamelClusterView {

    private static final Logger LOG = LoggerFactory.getLogger(LeaseView.class);

    /**
     * The times of an election.
     *
     * @param lease         another process may follow after this time without a renewal
     * @param renewDeadline the leader gives up after this time without a renewal
     * @param retry         between two tries to get or to renew the lease
     */
    record Pace(Duration lease, Duration renewDeadline, Duration retry) {

        /** As in client-go. */
        static final Pace USUAL = new Pace(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(2));
    }

    private record Member(String getId, boolean isLeader, boolean isLocal) implements CamelClusterMember {}

    private final KubernetesClient client;
    private final String lease;
    private final Pace pace;
    private final String self = ManagementFactory.getRuntimeMXBean().getName(); // in a pod: 1@<pod>
    private volatile String leader = "";
    private volatile boolean leads;
    private final Periodic watch;
    private @Nullable Candidacy candidacy;

    /** One election that this process stands for, on a thread of its own. */
    private record Candidacy(CompletableFuture<?> election, ReportingLock lock, ScheduledExecutorService thread) {

        void withdraw() {
            election.cancel(true); // which gives the lease back
            thread.shutdownNow();
        }
    }

    LeaseView(LeaseClusterService service, String namespace, KubernetesClient client, Pace pace) {
        super(service, namespace);
        this.client = client;
        this.pace = pace;
        this.lease = "drover-" + namespace;
        this.watch = new Periodic("lease-watch-" + namespace, pace.retry(), this::look);
    }

    @Override
    protected void doStart() {
        stand();
        watch.start();
    }

    /**
     * An election ends for this process when it has led and lost; then it stands again.
     * It also stands again if the elector is silent for as long as the lease lasts.
     * The elector may have died of an Error or be stuck in a request, and another process may lead.
     */
    private synchronized void look() {
        Candidacy now = candidacy;
        if (now == null || now.election().isDone()) {
            stand();
        } else if (now.lock().silence().compareTo(pace.lease()) > 0) {
            LOG.warn("the election for the lease {} has been stuck for {}; it starts again", lease, pace.lease());
            lead(false);
            Thread.ofVirtual()
                    .name("lease-end")
                    .start(now::withdraw); // which waits for the request that it is stuck in
            stand();
        }
    }

    private synchronized void stand() {
        if (candidacy != null) {
            candidacy.thread().shutdownNow();
        }
        // Another name each time: it must not take what it held before for its own.
        String candidate = self + "_" + UUID.randomUUID();
        ReportingLock lock = new ReportingLock(new LeaseLock(client.getNamespace(), lease, candidate));
        ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("lease-" + lease).factory());
        candidacy = new Candidacy(new LeaderElector(client, election(lock), thread).start(), lock, thread);
    }

    private LeaderElectionConfig election(ReportingLock lock) {
        return new LeaderElectionConfigBuilder()
                .withName(lease)
                .withLock(lock)
                .withLeaseDuration(pace.lease())
                .withRenewDeadline(pace.renewDeadline())
                .withRetryPeriod(pace.retry())
                .withReleaseOnCancel(true)
                .withLeaderCallbacks(
                        new LeaderCallbacks(() -> lead(lock, true), () -> lead(lock, false), this::leaderIs))
                .build();
    }

    /** Ignores an election that this process no longer stands for. */
    private void lead(ReportingLock lock, boolean now) {
        Candidacy standing = candidacy;
        if (standing == null || standing.lock() == lock) {
            lead(now);
        }
    }

    /** An exception of a route that starts or stops with the lease must not end the election. */
    private void lead(boolean now) {
        if (leads == now) {
            return;
        }
        leads = now;
        try {
            LOG.info("the lease {} is {}", lease, now ? "held here" : "no longer held here");
            fireLeadershipChangedEvent(getLeader());
        } catch (RuntimeException | Error e) {
            LOG.error("a route could not follow the lease {}", lease, e);
        }
    }

    private void leaderIs(String holder) {
        leader = holder == null ? "" : holder;
    }

    @Override
    protected void doStop() {
        watch.close();
        Candidacy last = candidacy;
        if (last != null) {
            last.withdraw();
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
