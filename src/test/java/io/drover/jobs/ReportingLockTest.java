package io.drover.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.Quick;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.Lock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The elector goes on after failures of the API only, so every other is told to it as one. */
@Quick
class ReportingLockTest {

    @Test
    void anErrorDoesNotEndTheElection() {
        ReportingLock lock = new ReportingLock(new Broken());

        assertThatThrownBy(() -> lock.get(null))
                .isInstanceOf(KubernetesClientException.class)
                .hasRootCauseInstanceOf(StackOverflowError.class);
        assertThatThrownBy(() -> lock.update(null, null)).isInstanceOf(KubernetesClientException.class);
        assertThat(lock.silence()).isLessThan(Duration.ofMinutes(1));
    }

    private static final class Broken implements Lock {
        @Override
        public LeaderElectionRecord get(KubernetesClient client) {
            throw new StackOverflowError("too deep");
        }

        @Override
        public void create(KubernetesClient client, LeaderElectionRecord record) {
            throw new OutOfMemoryError("too large");
        }

        @Override
        public void update(KubernetesClient client, LeaderElectionRecord record) {
            throw new NoClassDefFoundError("gone");
        }

        @Override
        public String identity() {
            return "test";
        }

        @Override
        public String describe() {
            return "the lease test";
        }
    }
}
