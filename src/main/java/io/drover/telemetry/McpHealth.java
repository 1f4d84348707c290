package io.drover.telemetry;

import io.drover.mcp.ServerStates;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.stereotype.Component;

/** The state of the MCP servers that this process calls. One that is away does not make the process unready. */
@Component("mcpHealthIndicator")
class McpHealth implements HealthIndicator {

    private final ServerStates states;

    McpHealth(ServerStates states) {
        this.states = states;
    }

    @Override
    public Health health() {
        Health.Builder health = Health.up();
        states.all().forEach((name, state) -> health.withDetail(name, state.toString()));
        return health.build();
    }
}
