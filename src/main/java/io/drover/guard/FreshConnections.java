package io.drover.guard;

import org.apache.hc.client5.http.ConnectionKeepAliveStrategy;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.DefaultConnectionKeepAliveStrategy;
import org.apache.hc.core5.util.TimeValue;

/**
 * How long a connection is used again. A server that closes an idle connection just when a request goes out leaves a doubt:
 * it may have taken the request. So a connection is closed here before a server would close it, and one that
 * was idle is looked at before it is used.
 */
public final class FreshConnections {

    /** Below what the usual servers keep open: gunicorn 2 s, Node.js and Apache 5 s, and more. */
    private static final TimeValue IDLE = TimeValue.ofMilliseconds(1_500);

    private static final TimeValue LONGEST = TimeValue.ofSeconds(30);

    /** The clock of the server, and the way. */
    private static final long MARGIN_MS = 1_000;

    private static final TimeValue UNCHECKED = TimeValue.ofMilliseconds(50);

    private FreshConnections() {}

    /** Adds the check to the settings of a client's connections. */
    public static ConnectionConfig.Builder checked(ConnectionConfig.Builder connections) {
        return connections.setValidateAfterInactivity(UNCHECKED);
    }

    /** A server that says how long it keeps a connection open is believed, with a margin. */
    public static ConnectionKeepAliveStrategy keepAlive() {
        return (answer, context) -> {
            TimeValue said = DefaultConnectionKeepAliveStrategy.INSTANCE.getKeepAliveDuration(answer, context);
            boolean says = answer.containsHeader("Keep-Alive") && TimeValue.isNonNegative(said);
            if (!says) {
                return IDLE;
            }
            long left = Math.max(0, said.toMilliseconds() - MARGIN_MS);
            return TimeValue.ofMilliseconds(Math.min(left, LONGEST.toMilliseconds()));
        };
    }
}
