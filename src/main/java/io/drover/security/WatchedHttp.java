package io.drover.security;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.apache.coyote.Adapter;
import org.apache.coyote.Constants;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat's HTTP, which closes connections whose request does not come to its end.
 * Tomcat's own timeouts count from the last byte.
 * A client that sends one byte now and then would keep its connection for ever, without a login.
 */
public final class WatchedHttp extends Http11NioProtocol {

    /** How long a handshake of TLS, the head of a request, or the unread rest of its body, may take to come. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    /** The same while more than half of the connections are in use. */
    static final Duration PATIENCE_WHEN_FULL = Duration.ofSeconds(2);

    private final Set<Watched> processors = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    /** When a handshake that is not complete was seen first. */
    private final Map<SocketWrapperBase<NioChannel>, Long> handshakes = new WeakHashMap<>();

    @Override
    protected Processor createProcessor() {
        Watched processor = new Watched(this, getAdapter());
        processors.add(processor);
        return processor;
    }

    /** Closes what is too slow. To be called once a second. */
    void look() {
        boolean full = getMaxConnections() > 0 && getConnectionCount() > getMaxConnections() / 2;
        long now = System.nanoTime();
        List<Watched> all;
        synchronized (processors) {
            all = List.copyOf(processors);
        }
        Duration patience = full ? PATIENCE_WHEN_FULL : PATIENCE;
        all.forEach(processor -> processor.look(now, patience));
        if (isSSLEnabled()) {
            lookAtHandshakes(now, patience);
        }
    }

    /** A connection has no processor before its handshake is complete. */
    private void lookAtHandshakes(long now, Duration patience) {
        for (SocketWrapperBase<NioChannel> socket : getEndpoint().getConnections()) {
            if (socket.getSocket().isHandshakeComplete()) {
                handshakes.remove(socket);
            } else if (now - handshakes.computeIfAbsent(socket, first -> now) > patience.toNanos()) {
                socket.close();
            }
        }
    }

    private static final class Watched extends Http11Processor {

        private long unreadSince;

        Watched(AbstractHttp11Protocol<?> protocol, Adapter adapter) {
            super(protocol, adapter);
        }

        void look(long now, Duration patience) {
            boolean unread = getRequest().getRequestProcessor().getStage() == Constants.STAGE_ENDINPUT;
            unreadSince = !unread ? 0 : unreadSince == 0 ? now : unreadSince;
            long since =
                    unread ? unreadSince : isHeadIncomplete() ? getRequest().getStartTimeNanos() : 0;
            if (since > 0 && now - since > patience.toNanos()) {
                close(getSocketWrapper());
            }
        }

        /** Its first byte is there; the name of the server is taken from the head when that is complete. */
        private boolean isHeadIncomplete() {
            return !isAsync() && getRequest().serverName().isNull();
        }

        private static void close(@Nullable SocketWrapperBase<?> socket) {
            if (socket != null) {
                socket.close();
            }
        }
    }
}
