package io.drover.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.json.Excerpt;
import io.drover.json.Schema;
import io.drover.route.ToolRoutes;
import io.drover.tool.BuiltInTool;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tools of one server as they are here.
 * A tool goes only if the server lists its tools without it.
 */
final class RemoteTools {

    private static final Logger LOG = LoggerFactory.getLogger(RemoteTools.class);

    /** Before the names of tools in the ids of their routes. */
    static final String ORIGIN = "mcp/";

    private final String server;
    private final ToolRoutes routes;
    private final Function<RemoteTool, BuiltInTool> made;
    private final Map<String, RemoteTool> here = new ConcurrentHashMap<>();
    private final Map<String, String> refused = new HashMap<>();

    /** @param made makes a tool here of one of the server's */
    RemoteTools(String server, ToolRoutes routes, Function<RemoteTool, BuiltInTool> made) {
        this.server = server;
        this.routes = routes;
        this.made = made;
    }

    int count() {
        return here.size();
    }

    /** What a tool says of its results, or null. */
    @Nullable
    Schema resultOf(String tool) {
        RemoteTool known = here.get(tool);
        return known == null ? null : known.result();
    }

    /** Makes the tools here equal to the server's list; a tool that cannot be here is reported once and left out. */
    void become(List<JsonNode> descriptions) {
        Map<String, RemoteTool> found = new HashMap<>();
        Set<String> bad = new HashSet<>();
        for (JsonNode description : descriptions) {
            String remoteName = description.path("name").asText();
            try {
                put(RemoteTool.of(server, description), found);
            } catch (IllegalArgumentException e) {
                bad.add(remoteName);
                refuse(remoteName, String.valueOf(e.getMessage()));
            }
        }
        refused.keySet().retainAll(bad);
        Set<String> gone = new HashSet<>(here.keySet());
        gone.removeAll(found.keySet());
        for (String tool : gone) {
            LOG.info("MCP server {}: tool:{} is gone", server, tool);
            routes.remove(ORIGIN, tool);
            here.remove(tool);
        }
    }

    private void put(RemoteTool tool, Map<String, RemoteTool> found) {
        RemoteTool same = found.get(tool.name());
        if (same != null) {
            throw new IllegalArgumentException(
                    "tool:%s already stands for '%s'".formatted(tool.name(), Excerpt.of(same.remoteName())));
        }
        if (!tool.equals(here.get(tool.name()))) {
            routes.put(ORIGIN, made.apply(tool));
            here.put(tool.name(), tool);
        }
        found.put(tool.name(), tool);
    }

    private void refuse(String remoteName, String why) {
        if (!why.equals(refused.put(remoteName, why))) {
            LOG.warn("MCP server {}: its tool '{}' is left out: {}", server, Excerpt.of(remoteName), Excerpt.of(why));
        }
    }
}
