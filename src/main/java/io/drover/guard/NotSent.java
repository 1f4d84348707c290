package io.drover.guard;

import io.drover.guard.Failure.Kind;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.camel.FailedToCreateProducerException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.impl.TunnelRefusedException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.transaction.CannotCreateTransactionException;

/** Failures that come before anything is sent: no connection, no login, a message that the client itself refuses. */
public final class NotSent {

    /** No connection was made, or there was no place for one. */
    private static final Set<Class<? extends Throwable>> PASSING = Set.of(
            ConnectException.class,
            FailedToCreateProducerException.class,
            NoRouteToHostException.class,
            UnknownHostException.class,
            UnresolvedAddressException.class,
            SSLHandshakeException.class,
            SSLPeerUnverifiedException.class,
            ConnectTimeoutException.class,
            TunnelRefusedException.class,
            java.net.http.HttpConnectTimeoutException.class,
            ConnectionRequestTimeoutException.class,
            CannotGetJdbcConnectionException.class,
            CannotCreateTransactionException.class,
            BufferExhaustedException.class,
            UnknownTopicOrPartitionException.class,
            AuthenticationException.class);

    /** The client, or a broker before it takes the message, refuses it; the same message does not do better. */
    private static final Set<Class<? extends Throwable>> REFUSED = Set.of(
            SerializationException.class,
            RecordTooLargeException.class,
            RecordBatchTooLargeException.class,
            InvalidTopicException.class,
            AuthorizationException.class);

    private NotSent() {}

    /** Whether an exception says by itself that nothing was sent. */
    public static boolean isSaidBy(Throwable thrown) {
        return kind(thrown) != null;
    }

    /** What an exception says by itself, or null where it may come after something was sent. */
    static @Nullable Kind kind(Throwable thrown) {
        if (is(PASSING, thrown)) {
            return Kind.NOT_HAPPENED;
        }
        if (is(REFUSED, thrown) || RouteMistakes.isSaidBy(thrown)) {
            return Kind.REJECTED;
        }
        if (thrown instanceof org.apache.kafka.common.errors.TimeoutException
                && text(thrown).contains("metadata")) {
            return Kind.NOT_HAPPENED; // it does not know where to send the record
        }
        return AddedClients.kind(thrown);
    }

    private static boolean is(Set<Class<? extends Throwable>> types, Throwable thrown) {
        return types.stream().anyMatch(type -> type.isInstance(thrown));
    }

    private static String text(Throwable thrown) {
        return String.valueOf(thrown.getMessage());
    }
}
