package io.drover.manage;

import io.drover.guard.GuardedTool;
import io.drover.guard.ToolRegistry;
import io.drover.tool.ToolSpec;
import java.util.Optional;
import org.springframework.jmx.export.annotation.ManagedAttribute;
import org.springframework.jmx.export.annotation.ManagedOperation;
import org.springframework.jmx.export.annotation.ManagedResource;

/** A tool as this process has loaded it; after an edit it is the new version. */
@ManagedResource(description = "A tool, with its guard.")
public class ManagedTool {

    private final String name;
    private final ToolRegistry tools;

    ManagedTool(String name, ToolRegistry tools) {
        this.name = name;
        this.tools = tools;
    }

    @ManagedAttribute(description = "What it does.")
    public String getDescription() {
        return spec().map(ToolSpec::description).orElse("");
    }

    @ManagedAttribute(description = "Its route.")
    public String getRoute() {
        return tool().map(GuardedTool::routeId).orElse("");
    }

    @ManagedAttribute(description = "It changes nothing.")
    public boolean isReadOnly() {
        return spec().map(ToolSpec::readOnly).orElse(false);
    }

    @ManagedAttribute(description = "Repeated calls with the same key take effect once.")
    public boolean isIdempotent() {
        return spec().map(ToolSpec::idempotent).orElse(false);
    }

    @ManagedAttribute(description = "Calls for the whole fleet.")
    public String getThrottle() {
        return spec().map(spec -> spec.throttle().toString()).orElse("");
    }

    @ManagedAttribute(description = "CLOSED lets calls through, OPEN does not, HALF_OPEN tries some.")
    public String getBreakerState() {
        return tool().map(tool -> tool.breaker().getState().toString()).orElse("");
    }

    @ManagedAttribute(description = "Percentage of failed calls; -1 before there are enough.")
    public float getFailureRate() {
        return tool().map(tool -> tool.breaker().getMetrics().getFailureRate()).orElse(-1f);
    }

    @ManagedOperation(description = "Closes its circuit breaker in this process, and forgets the failed calls.")
    public void resetBreaker() {
        tool().ifPresent(tool -> tool.breaker().reset());
    }

    private Optional<GuardedTool> tool() {
        return Optional.ofNullable(tools.current().get(name));
    }

    private Optional<ToolSpec> spec() {
        return tool().map(GuardedTool::spec);
    }
}
