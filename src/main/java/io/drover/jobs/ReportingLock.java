package io.drover.jobs;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.Lock;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports once that the lease cannot be read or written, and once that it can again.
 * The elector sees every failure as one of the API; any other exception would end the election silently.
 */
final class ReportingLock implements Lock {

    private static final Logger LOG = LoggerFactory.getLogger(ReportingLock.class);

    private final Lock lock;
    private final Set<String> failing = ConcurrentHashMap.newKeySet();
    private volatile long heard = System.nanoTime();

    ReportingLock(Lock lock) {
        this.lock = lock;
    }

    @Override
    public LeaderElectionRecord get(KubernetesClient client) {
        return reported("read", () -> lock.get(client));
    }

    @Override
    public void create(KubernetesClient client, LeaderElectionRecord record) {
        reported("made", () -> {
            lock.create(client, record);
            return record;
        });
    }

    @Override
    public void update(KubernetesClient client, LeaderElectionRecord record) {
        reported("renewed", () -> {
            lock.update(client, record);
            return record;
        });
    }

    /** How long the elector has not asked for the lease, or has waited for the answer. */
    Duration silence() {
        return Duration.ofNanos(System.nanoTime() - heard);
    }

    private LeaderElectionRecord reported(String what, Supplier<LeaderElectionRecord> request) {
        try {
            heard = System.nanoTime();
            LeaderElectionRecord record = request.get();
            heard = System.nanoTime();
            if (failing.remove(what)) {
                LOG.info("{} is {} again", describe(), what);
            }
            return record;
        } catch (RuntimeException | Error e) {
            boolean conflict = e instanceof KubernetesClientException problem
                    && problem.getCode() == HttpURLConnection.HTTP_CONFLICT; // another was faster
            if (!conflict && failing.add(what)) {
                LOG.warn("{} cannot be {}; this is tried again: {}", describe(), what, e.getMessage());
            }
            throw e instanceof KubernetesClientException problem
                    ? problem
                    : new KubernetesClientException(e.toString(), e);
        }
    }

    @Override
    public String identity() {
        return lock.identity();
    }

    @Override
    public String describe() {
        return lock.describe();
    }
}
