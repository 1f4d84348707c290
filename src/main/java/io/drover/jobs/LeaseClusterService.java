package io.drover.jobs;

import io.fabric8.kubernetes.client.KubernetesClient;
import org.apache.camel.support.cluster.AbstractCamelClusterService;

/**
 * Elects one leader by a Kubernetes Lease, for Camel's {@code master:}.
 * {@code master:jobs} uses the Lease {@code drover-jobs}.
 * The fabric8 client runs the elections: those of camel-kubernetes stop for good after one failed renewal
 * (<a href="https://github.com/apache/camel-quarkus/issues/6761">camel-quarkus 6761</a>), and need to list pods.
 */
final class LeaseClusterService extends AbstractCamelClusterService<LeaseView> {

    private final KubernetesClient client;

    LeaseClusterService(KubernetesClient client) {
        super("leases");
        this.client = client;
    }

    @Override
    protected LeaseView createView(String namespace) {
        return new LeaseView(this, namespace, client, LeaseView.Pace.USUAL);
    }
}
