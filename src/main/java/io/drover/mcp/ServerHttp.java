package io.drover.mcp;

import io.drover.egress.EgressGate;
import io.drover.guard.BoundedHttp;
import io.drover.secret.Secrets;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.routing.RoutingSupport;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The connections to all MCP servers.
 * A request ends at its deadline together with its connection, whatever the server sends.
 * No compressed answer is asked for.
 */
final class ServerHttp implements AutoCloseable {

    private final CloseableHttpClient http;
    private final ScheduledThreadPoolExecutor deadlines = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("mcp-deadlines").factory());

    /**
     * @param gate    what is asked before it connects; null for nothing
     * @param secrets the values of the secrets to which its requests refer; null where they refer to none
     */
    ServerHttp(@Nullable EgressGate gate, @Nullable Secrets secrets) {
        this.http =
                BoundedHttp.client(gate, secrets).disableContentCompression().build();
        deadlines.setRemoveOnCancelPolicy(true);
    }

    /** Reads an answer; the unread rest is dropped. */
    interface Reader<T> {
        T read(ClassicHttpResponse answer) throws Exception;
    }

    /**
     * Sends a request on the caller's thread.
     *
     * @param patience for the whole exchange; zero for no deadline
     */
    <T> T send(HttpUriRequestBase request, Duration patience, Reader<T> reader) throws Exception {
        Timeout timeout = Timeout.of(patience);
        request.setConfig(RequestConfig.custom()
                .setResponseTimeout(timeout)
                .setConnectionRequestTimeout(timeout)
                .build());
        AtomicBoolean late = new AtomicBoolean();
        ScheduledFuture<?> deadline = patience.isZero()
                ? null
                : deadlines.schedule(
                        () -> {
                            late.set(true);
                            request.abort();
                        },
                        patience.toMillis(),
                        TimeUnit.MILLISECONDS);
        try {
            return exchange(request, reader);
        } catch (IOException | IllegalStateException e) { // the latter where it is ended while it connects
            if (late.get()) {
                throw (IOException) new SocketTimeoutException("no answer within " + patience).initCause(e);
            }
            throw e;
        } finally {
            if (deadline != null) {
                deadline.cancel(false);
            }
        }
    }

    private <T> T exchange(HttpUriRequestBase request, Reader<T> reader) throws Exception {
        ClassicHttpResponse answer;
        try {
            answer = http.executeOpen(RoutingSupport.determineHost(request), request, null);
        } catch (HttpException e) {
            throw new IOException(e);
        }
        try {
            return reader.read(answer);
        } finally {
            request.abort(); // does nothing to a connection whose answer was read to its end
            closeQuietly(answer);
        }
    }

    private static void closeQuietly(ClassicHttpResponse answer) {
        try {
            answer.close();
        } catch (IOException e) { // its connection is closed already
        }
    }

    @Override
    public void close() {
        deadlines.shutdownNow();
        http.close(org.apache.hc.core5.io.CloseMode.IMMEDIATE);
    }
}
