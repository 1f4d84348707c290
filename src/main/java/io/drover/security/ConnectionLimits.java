package io.drover.security;

import io.drover.start.Periodic;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.catalina.connector.Connector;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * What a client may take before it has logged in.
 * With {@code drover.management.port} a second port has connections and threads of its own.
 * So probes and metrics answer whatever happens on the first port.
 */
@Component
@ConditionalOnWebApplication
class ConnectionLimits implements WebServerFactoryCustomizer<TomcatServletWebServerFactory>, DisposableBean {

    private static final int MANAGEMENT_CONNECTIONS = 100;
    private static final int MANAGEMENT_THREADS = 5;
    private static final int MANAGEMENT_TIMEOUT_MS = 5_000;

    private final @Nullable Integer managementPort;
    private final List<Connector> connectors = new CopyOnWriteArrayList<>();
    private final Periodic watch = new Periodic("slow-requests", Duration.ofSeconds(1), this::look);

    ConnectionLimits(ManagementProperties properties) {
        this.managementPort = properties.port();
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.setProtocol(WatchedHttp.class.getName());
        factory.addConnectorCustomizers(connectors::add);
        if (managementPort != null) {
            Connector connector = new Connector(WatchedHttp.class.getName());
            connector.setPort(managementPort);
            connector.setThrowOnFailure(true);
            connector.setProperty("maxConnections", Integer.toString(MANAGEMENT_CONNECTIONS));
            connector.setProperty("maxThreads", Integer.toString(MANAGEMENT_THREADS));
            connector.setProperty("minSpareThreads", "1");
            connector.setProperty("connectionTimeout", Integer.toString(MANAGEMENT_TIMEOUT_MS));
            connector.setProperty("keepAliveTimeout", Integer.toString(MANAGEMENT_TIMEOUT_MS));
            factory.addAdditionalTomcatConnectors(connector);
            connectors.add(connector);
        }
        watch.start(Duration.ofSeconds(1));
    }

    private void look() {
        for (Connector connector : connectors) {
            if (connector.getProtocolHandler() instanceof WatchedHttp http) {
                http.look();
            }
        }
    }

    /**
     * The separate port for probes and metrics; null if there is none.
     * If it is configured as 0, it is known after the start.
     */
    @Nullable
    Integer managementPort() {
        return connectors.stream()
                .filter(connector -> managementPort != null && connector.getPort() == managementPort)
                .map(Connector::getLocalPort)
                .findFirst()
                .orElse(null);
    }

    @Override
    public void destroy() {
        watch.close();
    }
}
