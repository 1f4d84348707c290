package io.drover.mcp;

import io.drover.guard.AwaitedTools;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;

/** The state of the MCP servers that this process calls. */
@Component
@EnableConfigurationProperties(McpClientProperties.class)
public class ServerStates implements AwaitedTools {

    /**
     * One server.
     *
     * @param listed  whether its tools have been listed since the start
     * @param problem why it cannot be reached now, or null
     * @param tools   how many of its tools are loaded here
     */
    public record State(boolean listed, @Nullable String problem, int tools) {

        @Override
        public String toString() {
            String here = tools == 1 ? "1 tool" : tools + " tools";
            return problem == null ? here : "%s; not reached: %s".formatted(here, problem);
        }
    }

    private final Map<String, State> states = new ConcurrentSkipListMap<>();

    ServerStates(McpClientProperties properties) {
        properties.mcp().keySet().forEach(name -> states.put(name, new State(false, "not tried yet", 0)));
    }

    /** All servers, by name. */
    public Map<String, State> all() {
        return Map.copyOf(states);
    }

    State put(String server, State state) {
        return states.put(server, state);
    }

    @Override
    public @Nullable String awaited(String tool) {
        int end = tool.indexOf('_');
        State state = end < 0 ? null : states.get(tool.substring(0, end));
        return state == null || state.listed()
                ? null
                : "the MCP server drover.mcp.%s has not listed its tools yet: %s"
                        .formatted(tool.substring(0, end), state.problem());
    }
}
