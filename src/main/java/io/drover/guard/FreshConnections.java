package io.drover.guard;

import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.ConnectionKeepAliveStrategy;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.config.Lookup;
import org.apache.hc.core5.http.io.HttpConnectionFactory;
import org.apache.hc.core5.util.TimeValue;
import org.jspecify.annotations.Nullable;

/**
 * Limits how long an idle connection is reused.
 * If a server closes an idle connection while a request goes out, it is not known whether the server took the request.
 * So connections are closed here before a server would close them, and each is checked before it is used again.
 */
final class FreshConnections {

    /** Shorter than the keep-alive of common servers: gunicorn 2 s, Node.js and Apache 5 s. */
    private static final TimeValue IDLE = TimeValue.ofMilliseconds(1_500);

    private static final long LONGEST_MS = 30_000;

    /** The pool keeps a connection for ever that it is told to keep for no time. */
    private static final long SHORTEST_MS = 1;

    private static final Pattern TIMEOUT =
            Pattern.compile("(?:^|[,;\\s])timeout\\s{0,5}=\\s{0,5}\"?(\\d{1,9})", Pattern.CASE_INSENSITIVE);

    /** Tolerance for the server's clock and for the network. */
    private static final long MARGIN_MS = 1_000;

    private FreshConnections() {}

    /** Adds the check to the settings of a client's connections. */
    static ConnectionConfig.Builder checked(ConnectionConfig.Builder connections) {
        return connections.setValidateAfterInactivity(TimeValue.ZERO_MILLISECONDS);
    }

    /** Makes connections that the check costs a microsecond. */
    static HttpConnectionFactory<ManagedHttpClientConnection> factory() {
        return socket -> new FreshConnection();
    }

    /**
     * Connects them.
     *
     * @param egress null where every host may be connected to
     * @param tls    by scheme
     */
    static HttpClientConnectionOperator operator(
            @Nullable SchemePortResolver ports, @Nullable EgressCheck egress, Lookup<TlsSocketStrategy> tls) {
        return new DefaultHttpClientConnectionOperator(
                proxy -> proxy == null
                        ? SocketChannel.open().socket()
                        : new Socket(egress == null ? proxy : egress.checked(proxy)),
                ports,
                egress,
                tls);
    }

    /** If a server says how long it keeps a connection open, that time less a margin counts. */
    static ConnectionKeepAliveStrategy keepAlive() {
        return (answer, context) -> keptFor(answer.getFirstHeader("Keep-Alive"));
    }

    private static TimeValue keptFor(@Nullable Header said) {
        Matcher timeout = TIMEOUT.matcher(said == null ? "" : String.valueOf(said.getValue()));
        if (!timeout.find()) {
            return IDLE;
        }
        long millis = Long.parseLong(timeout.group(1)) * 1_000 - MARGIN_MS;
        return TimeValue.ofMilliseconds(Math.clamp(millis, SHORTEST_MS, LONGEST_MS));
    }
}
