package io.drover.jobs;

import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import org.apache.camel.cluster.CamelClusterService;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** The API server of the cluster; it is not called until a route does so. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(JobProperties.class)
class JobConfiguration {

    // Shorter than a lease: a leader that cannot reach the API server learns in time that it no longer leads.
    private static final int REQUEST_TIMEOUT_MS = 4_000;

    /** Where and as whom: the pod's service account, else the usual variables ({@code KUBERNETES_MASTER} ...) or kubeconfig. */
    @Bean(destroyMethod = "close")
    @Lazy
    KubernetesClient kubernetesClient() {
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withRequestTimeout(REQUEST_TIMEOUT_MS)
                        .withConnectionTimeout(REQUEST_TIMEOUT_MS)
                        .withRequestRetryBackoffLimit(0) // what fails is tried again by the next look
                        .build())
                .build();
    }

    /** For {@code master:} in routes. */
    @Bean
    CamelClusterService leases(@Lazy KubernetesClient client) {
        return new LeaseClusterService(client);
    }
}
