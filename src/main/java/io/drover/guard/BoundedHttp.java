package io.drover.guard;

import io.drover.egress.EgressGate;
import io.drover.json.ContentType;
import io.drover.json.TextReader;
import io.drover.json.UnreadableTextException;
import io.drover.secret.Secrets;
import io.drover.tool.HttpAnswerException;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP client for everything but Camel components: it repeats nothing, follows nothing, and reads up to a limit.
 */
public final class BoundedHttp {

    private static final int CONNECTIONS = 10_000;
    private static final int LONGEST_ERROR = 8_000;
    private static final Duration CONNECT = Duration.ofSeconds(5);

    private BoundedHttp() {}

    private static final class Connections extends PoolingHttpClientConnectionManagerBuilder {

        private final @Nullable EgressCheck egress;

        Connections(@Nullable EgressCheck egress) {
            this.egress = egress;
        }

        @Override
        protected HttpClientConnectionOperator createConnectionOperator(
                SchemePortResolver ports, DnsResolver names, TlsSocketStrategy tls) {
            return FreshConnections.operator(ports, egress, scheme -> scheme.equalsIgnoreCase("https") ? tls : null);
        }
    }

    /**
     * A client whose answers' heads are bounded.
     *
     * @param gate    what it asks before it connects; null for nothing
     * @param secrets the values of the secrets to which its requests refer; null where they refer to none
     */
    public static HttpClientBuilder client(@Nullable EgressGate gate, @Nullable Secrets secrets) {
        EgressCheck egress = gate == null ? null : new EgressCheck(gate);
        HttpClientBuilder client = HttpClients.custom()
                .setConnectionManager(new Connections(egress)
                        .setMaxConnTotal(CONNECTIONS)
                        .setMaxConnPerRoute(CONNECTIONS)
                        .setDefaultConnectionConfig(FreshConnections.checked(ConnectionConfig.custom())
                                .setConnectTimeout(Timeout.of(CONNECT))
                                .build())
                        .setConnectionFactory(FreshConnections.factory())
                        .build())
                .setKeepAliveStrategy(FreshConnections.keepAlive())
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement();
        HttpClientBuilder checked = egress == null ? client : egress.on(client);
        return secrets == null ? checked : new OutgoingSecrets(secrets, false).on(checked);
    }

    /**
     * The body of an answer.
     * If it is longer than the limit, one byte more than the limit is returned and the connection is closed.
     * Otherwise the rest would be read before the connection is used again.
     */
    public static byte[] body(HttpUriRequestBase request, ClassicHttpResponse answer, int max) throws IOException {
        if (answer.getEntity() == null) {
            return new byte[0];
        }
        byte[] body = answer.getEntity().getContent().readNBytes(max + 1);
        if (body.length > max) {
            request.abort();
        }
        return body;
    }

    /**
     * A body as text, in the charset of its type.
     *
     * @throws UnreadableTextException when it is not
     */
    public static String text(ClassicHttpResponse answer, byte[] body) throws UnreadableTextException {
        Header type = answer.getFirstHeader(HttpHeaders.CONTENT_TYPE);
        return TextReader.read(body, ContentType.of(type == null ? null : type.getValue()));
    }

    /** An answer that is an error, with the beginning of its text. Its headers count: {@code Retry-After} does. */
    public static HttpAnswerException failure(ClassicHttpResponse answer, String url, String text) {
        return new HttpAnswerException(answer.getCode(), headers(answer), url, beginning(text));
    }

    /** How much of an error's text is searched for its reason. */
    public static String beginning(String text) {
        return text.length() > LONGEST_ERROR ? text.substring(0, LONGEST_ERROR) : text;
    }

    /** The headers of an answer, by name in any case. */
    public static Map<String, String> headers(ClassicHttpResponse answer) {
        return Arrays.stream(answer.getHeaders())
                .collect(Collectors.toMap(
                        Header::getName,
                        Header::getValue,
                        (first, second) -> first,
                        () -> new TreeMap<>(String.CASE_INSENSITIVE_ORDER)));
    }
}
