package io.drover.guard;

import io.drover.egress.EgressGate;
import io.drover.secret.Secrets;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import org.apache.camel.Endpoint;
import org.apache.camel.component.http.CompositeHttpConfigurer;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.socket.ConnectionSocketFactory;
import org.apache.hc.client5.http.socket.LayeredConnectionSocketFactory;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.config.Registry;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.pool.PoolReusePolicy;
import org.apache.hc.core5.util.TimeValue;
import org.jspecify.annotations.Nullable;

/** Camel's HTTP component, which reads of an answer only as much as its reader accepts: headers and body. */
@Component("http,https")
final class LimitedHttpComponent extends HttpComponent {

    /** How long Camel waits for the next bytes of an answer where no author says it, in milliseconds. */
    private static final long CAMELS_SO_TIMEOUT = Duration.ofMinutes(3).toMillis();

    private final long maxAnswerBytes;
    private final @Nullable EgressCheck egress;
    private final OutgoingSecrets secrets;
    private final JsonBodies bodies;

    /** @param gate what it asks before it connects; null for nothing */
    LimitedHttpComponent(long maxAnswerBytes, @Nullable EgressGate gate, Secrets secrets, JsonBodies bodies) {
        this.maxAnswerBytes = maxAnswerBytes;
        this.egress = gate == null ? null : new EgressCheck(gate);
        this.secrets = new OutgoingSecrets(secrets, true);
        this.bodies = bodies;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        boolean said = getSoTimeout() != CAMELS_SO_TIMEOUT || parameters.containsKey("soTimeout");
        HttpEndpoint endpoint = (HttpEndpoint) super.createEndpoint(uri, remaining, parameters);
        // next to the connection, so that what the other handlers read is bounded, too
        endpoint.getClientBuilder()
                .addExecInterceptorBefore(
                        ChainElement.MAIN_TRANSPORT.name(), HttpAnswers.NAME, new HttpAnswers(maxAnswerBytes, said));
        return endpoint;
    }

    @Override
    protected HttpClientBuilder createHttpClientBuilder(
            String uri, Map<String, Object> parameters, Map<String, Object> httpClientOptions) {
        HttpClientBuilder client = super.createHttpClientBuilder(uri, parameters, httpClientOptions)
                .setKeepAliveStrategy(FreshConnections.keepAlive());
        return bodies.on(secrets.on(egress == null ? client : egress.on(client)));
    }

    /** The endpoint's own settings come after Camel's, which would follow every redirect. */
    @Override
    protected HttpClientConfigurer createHttpClientConfigurer(Map<String, Object> parameters, boolean secure)
            throws Exception {
        return CompositeHttpConfigurer.combineConfigurers(
                super.createHttpClientConfigurer(parameters, secure),
                client -> client.setRedirectStrategy(new SafeRedirects()));
    }

    /** As Camel's, but headers end. */
    @Override
    protected HttpClientConnectionManager createConnectionManager(
            Registry<ConnectionSocketFactory> registry, int maxTotal, int maxPerRoute, SocketConfig sockets) {
        PoolingHttpClientConnectionManager connections = new PoolingHttpClientConnectionManager(
                FreshConnections.operator(null, egress, scheme -> tls(registry.lookup(scheme))),
                PoolConcurrencyPolicy.STRICT,
                PoolReusePolicy.LIFO,
                TimeValue.ofMilliseconds(getConnectionTimeToLive()),
                FreshConnections.factory());
        connections.setDefaultSocketConfig(sockets);
        connections.setDefaultConnectionConfig(FreshConnections.checked(ConnectionConfig.custom())
                .setTimeToLive(TimeValue.ofMilliseconds(getConnectionTimeToLive()))
                .build());
        int total = maxTotal == 0 ? getMaxTotalConnections() : maxTotal;
        if (total > 0) {
            connections.setMaxTotal(total);
        }
        int perRoute = maxPerRoute == 0 ? getConnectionsPerRoute() : maxPerRoute;
        if (perRoute > 0) {
            connections.setDefaultMaxPerRoute(perRoute);
        }
        return connections;
    }

    /** As Camel gives it. */
    private static @Nullable TlsSocketStrategy tls(@Nullable ConnectionSocketFactory sockets) {
        return sockets instanceof LayeredConnectionSocketFactory layered
                ? (socket, host, port, attachment, context) ->
                        (SSLSocket) layered.createLayeredSocket(socket, host, port, attachment, context)
                : null;
    }
}
