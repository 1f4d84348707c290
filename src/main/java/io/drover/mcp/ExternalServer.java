package io.drover.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.json.Excerpt;
import io.drover.json.Schema;
import io.drover.route.ToolRoutes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One server, and its tools as they are here. A server that goes away keeps its tools: their calls fail and are tried
 * again like those of any back end. Only a list without a tool takes the tool away.
 */
final class ExternalServer {

    private static final Logger LOG = LoggerFactory.getLogger(ExternalServer.class);

    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Before the names of tools in the ids of their routes. */
    static final String ORIGIN = "mcp/";

    private final String name;
    private final ServerSettings settings;
    private final ToolRoutes routes;
    private final ServerStates states;
    private final Executor threads;
    private final ServerHttp http;
    private final AtomicBoolean refreshAsked = new AtomicBoolean();
    private final ReentrantLock connecting = new ReentrantLock();
    private final ReentrantLock refreshing = new ReentrantLock();
    private final Map<String, RemoteTool> here = new ConcurrentHashMap<>();
    private final Map<String, String> refused = new HashMap<>();
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
        this.routes = routes;
        this.states = states;
        this.threads = threads;
        this.http = http;
    }

    /** Has {@link #refresh} done on a thread of its own, at most once a second: a server may ask without an end. */
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
            } catch (RuntimeException | Error e) { // else none would be asked for ever again
                refreshAsked.set(false);
                throw e;
            }
        }
    }

    /** Connects where there is no connection, and makes the tools here equal to the server's list. */
    void refresh() {
        refreshing.lock();
        try {
            try {
                list();
            } catch (ForgottenSessionException e) { // it was started again: that is no reason to wait
                list();
            }
            states.put(name, new ServerStates.State(true, null, here.size()));
            if (down || !listed) {
                LOG.info("MCP server {} at {}: {} tools", name, settings, here.size());
            }
            listed = true;
            down = false;
        } catch (Exception | Error e) { // such as of a document that is too deep
            String problem = ServerFailures.summary(e);
            states.put(name, new ServerStates.State(listed, problem, here.size()));
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
            reconcile(current);
        } catch (Exception | Error e) {
            retire(current);
            throw e;
        }
    }

    private void reconcile(ServerConnection current) throws Exception {
        Map<String, RemoteTool> found = new HashMap<>();
        Set<String> bad = new HashSet<>();
        for (JsonNode description : current.tools()) {
            String remoteName = description.path("name").asText();
            try {
                RemoteTool tool = RemoteTool.of(name, description);
                RemoteTool same = found.get(tool.name());
                if (same != null) {
                    throw new IllegalArgumentException(
                            "tool:%s already stands for '%s'".formatted(tool.name(), Excerpt.of(same.remoteName())));
                }
                if (!tool.equals(here.get(tool.name()))) {
                    routes.put(ORIGIN, tool.tool(name, settings, new ServerStep(this, tool)));
                    here.put(tool.name(), tool);
                }
                found.put(tool.name(), tool);
            } catch (IllegalArgumentException e) {
                bad.add(remoteName);
                if (!String.valueOf(e.getMessage()).equals(refused.put(remoteName, String.valueOf(e.getMessage())))) {
                    LOG.warn(
                            "MCP server {}: its tool '{}' is left out: {}",
                            name,
                            Excerpt.of(remoteName),
                            Excerpt.of(e.getMessage()));
                }
            }
        }
        refused.keySet().retainAll(bad);
        Set<String> gone = new HashSet<>(here.keySet());
        gone.removeAll(found.keySet());
        for (String tool : gone) {
            LOG.info("MCP server {}: tool:{} is gone", name, tool);
            routes.remove(ORIGIN, tool);
            here.remove(tool);
        }
    }

    /** What a tool says of its results, or null. */
    @Nullable
    Schema resultOf(String tool) {
        RemoteTool known = here.get(tool);
        return known == null ? null : known.result();
    }

    /**
     * Calls a tool over the connection there is, or a new one. A server that does not know the session has not begun the
     * call, so it is made once more in a new session.
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
