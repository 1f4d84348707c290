package io.drover.mcp;

import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/**
 * The built-in workflow {@code mcp}: one call of a tool for a client.
 * A failure ends the task: the client gets it, and decides whether to call again.
 * Further attempts are for lost workers, and for calls that may have taken effect.
 * Only the task can repeat those under the same key.
 * Its tasks are claimed first, because a client waits.
 */
@Component
class CallWorkflow extends RouteBuilder {

    static final String NAME = "mcp";

    private final CallStep step;

    CallWorkflow(CallStep step) {
        this.step = step;
    }

    @Override
    public void configure() {
        from("task:" + NAME + "?maxAttempts=3&priority=7").routeId("mcp/calls").process(step);
    }
}
