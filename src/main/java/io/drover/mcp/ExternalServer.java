package io.drover.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.json.Schema;
import io.drover.route.ToolRoutes;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One server: the connection to it, and when its tools are listed.
 * A server that goes away keeps its tools: their calls fail and are tried again like those of any back end.
 */
final class ExternalServer {

    private static final Logger LOG = LoggerFactory.getLogger(ExternalServer.class);

    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String name;
    private final ServerSettings settings;
    private final RemoteTools tools;
    private final ServerStates states;
    private final Executor threads;
    private final ServerHttp http;
    private final AtomicBoolean refreshAsked = new AtomicBoolean();
    private final ReentrantLock connecting = new ReentrantLock();
    private final ReentrantLock refreshing = new ReentrantLock();
    private volatile @Nullable ServerConnection connection;
    private volatile boolean closed;
    private volatile long refreshed = System.nanoTime() - PAUSE_NANOS;
    private boolean listed;
    private boolean down;

    ExternalServer(
            String name,
            ServerSettings settings,
            ToolRoutes routes,
            ServerStates states,
            Executor threads,
            ServerHttp http) {
        this.name = name;
        this.settings = settings;
        this.tools = new RemoteTools(name, routes, tool -> tool.tool(name, settings, new ServerStep(this, tool)));
        this.states = states;
        this.threads = threads;
        this.http = http;
    }

    /** Calls {@link #refresh} on another thread, at most once a second, however often a server asks. */
    void refreshSoon() {
        if (refreshAsked.compareAndSet(false, true)) {
            try {
                threads.execute(() -> {
                    refreshing.lock(); // one that is under way ends first
                    refreshing.unlock();
                    LockSupport.parkNanos(refreshed + PAUSE_NANOS - System.nanoTime());
                    refreshAsked.set(false);
                    refresh();
                });
            } catch (RuntimeException | Error e) { // else no further refresh would be asked for
                refreshAsked.set(false);
                throw e;
            }
        }
    }

    /** Connects if there is no connection, and makes the tools here equal to the server's list. */
    void refresh() {
        refreshing.lock();
        try {
            try {
                list();
            } catch (ForgottenSessionException e) { // the server was restarted: that is no reason to wait
                list();
            }
            states.put(name, new ServerStates.State(true, null, tools.count()));
            if (down || !listed) {
                LOG.info("MCP server {} at {}: {} tools", name, settings, tools.count());
            }
            listed = true;
            down = false;
        } catch (Exception | Error e) { // such as of a document that is too deep
            String problem = ServerFailures.summary(e);
            states.put(name, new ServerStates.State(listed, problem, tools.count()));
            if (!closed && !down) {
                down = true;
                LOG.warn(
                        "MCP server {} at {} cannot be reached, and is tried again every {}: {}",
                        name,
                        settings,
                        settings.refresh(),
                        problem);
            }
        } finally {
            refreshed = System.nanoTime();
            refreshing.unlock();
        }
    }

    private void list() throws Exception {
        ServerConnection current = connected();
        try {
            tools.become(current.tools());
        } catch (Exception | Error e) {
            retire(current);
            throw e;
        }
    }

    /** What a tool says of its results, or null. */
    @Nullable
    Schema resultOf(String tool) {
        return tools.resultOf(tool);
    }

    /**
     * Calls a tool over the current connection, or a new one.
     * A server that does not know the session has not begun the call, so the call is made once more in a new session.
     */
    JsonNode call(String tool, JsonNode arguments, String idempotencyKey) throws Exception {
        try {
            return callOnce(tool, arguments, idempotencyKey);
        } catch (ForgottenSessionException e) {
            return callOnce(tool, arguments, idempotencyKey);
        }
    }

    private JsonNode callOnce(String tool, JsonNode arguments, String idempotencyKey) throws Exception {
        ServerConnection current = connected();
        try {
            return current.call(tool, arguments, idempotencyKey);
        } catch (ForgottenSessionException e) {
            retire(current);
            refreshSoon();
            throw e;
        }
    }

    private ServerConnection connected() throws Exception {
        ServerConnection current = connection;
        if (current != null) {
            return current;
        }
        connecting.lock();
        try {
            if (connection == null) {
                if (closed) {
                    throw new IllegalStateException("the process is stopping");
                }
                connection = ServerConnection.open(settings, http, this::refreshSoon);
            }
            return connection;
        } finally {
            connecting.unlock();
        }
    }

    /** New calls get another connection; those under way end on this one. */
    private void retire(ServerConnection old) {
        connecting.lock();
        try {
            if (connection == old) {
                connection = null;
                old.release();
            }
        } finally {
            connecting.unlock();
        }
    }

    void close() {
        closed = true;
        ServerConnection current = connection;
        if (current != null) {
            current.close();
        }
    }
}
