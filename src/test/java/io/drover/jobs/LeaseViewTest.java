package io.drover.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A process stands for election again after each election that ended or got stuck, on a mock of Kubernetes' API server. */
class LeaseViewTest {

    private static final LeaseView.Pace FAST =
            new LeaseView.Pace(Duration.ofSeconds(3), Duration.ofSeconds(2), Duration.ofMillis(200));
    private static final String LEASE = "drover-test";
    private static final String WRITES = "(POST|PUT|PATCH) /apis/coordination.k8s.io/v1/namespaces/agents/leases.*";

    private final ApiServer api = new ApiServer();
    private final KubernetesClient client = api.patientClient();
    private final LeaseView view = new LeaseView(new LeaseClusterService(client), "test", client, FAST);

    @BeforeEach
    void lead() {
        view.start();
        soon().until(this::leads);
        assertThat(api.holder(LEASE)).startsWith(view.getLocalMember().getId());
    }

    @AfterEach
    void close() {
        api.refuseNothing();
        view.stop();
        client.close();
        api.close();
    }

    @Test
    void anElectionThatIsStuckInARequestEndsAndAnotherBegins() {
        String before = api.holder(LEASE);

        api.hang(WRITES);

        soon().until(() -> !leads()); // the elector itself waits for the answer, and believes that it leads
        api.refuseNothing();
        soon().until(this::leads);
        assertThat(api.holder(LEASE)).isNotEqualTo(before);
    }

    @Test
    void standsAgainAfterAnotherProcessHasTakenTheLease() {
        api.giveLease(LEASE, "other");

        soon().until(() -> !leads());
        assertThat(api.holder(LEASE)).isEqualTo("other");
        soon().until(this::leads);
        assertThat(api.holder(LEASE)).startsWith(view.getLocalMember().getId());
    }

    private boolean leads() {
        return view.getLocalMember().isLeader();
    }

    private static ConditionFactory soon() {
        return await();
    }
}
