package io.drover.jobs;

import io.fabric8.kubernetes.client.KubernetesClient;
import org.apache.camel.support.cluster.AbstractCamelClusterService;

/**
 * One leader by a Lease of Kubernetes, for Camel's {@code master:}; {@code master:jobs} is the Lease {@code drover-jobs}. The elections are the
 * fabric8 client's, because camel-kubernetes' own stop for good when a renewal fails once
 * (<a href="https://github.com/apache/camel-quarkus/issues/6761">camel-quarkus 6761</a>), and want to list pods.
 */
final class LeaseClusterService extends AbstractCamelClusterService<LeaseView> {

    private final KubernetesClient client;

    LeaseClusterService(KubernetesClient client) {
        super("leases");
        this.client = client;
    }

    @Override
    protected LeaseView createView(String namespace) {
        return new LeaseView(this, namespace, client);
    }
}
