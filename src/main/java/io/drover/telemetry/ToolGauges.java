package io.drover.telemetry;

import io.drover.guard.GuardedTool;
import io.drover.guard.ToolRegistry;
import io.drover.tool.Rate;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.springframework.stereotype.Component;

/** The gauges of tools: whether their breakers let calls through, and how often they may be called. */
@Component
class ToolGauges implements Look {

    private static final List<State> STATES = List.of(State.CLOSED, State.HALF_OPEN, State.OPEN);

    private final ToolRegistry tools;
    private final MultiGauge breakers;
    private final MultiGauge limits;

    ToolGauges(ToolRegistry tools, MeterRegistry registry) {
        this.tools = tools;
        this.breakers = MultiGauge.builder("agent.breaker.state")
                .description("1 for the state of the tool's circuit breaker in this process, 0 for the others.")
                .register(registry);
        this.limits = MultiGauge.builder("agent.throttle.limit")
                .description("Calls a second that the tool's throttle lets through, for the whole fleet.")
                .register(registry);
    }

    @Override
    public String what() {
        return "tools";
    }

    @Override
    public void look() {
        List<Row<?>> states = new ArrayList<>();
        List<Row<?>> rates = new ArrayList<>();
        for (GuardedTool tool : tools.current().all().values()) {
            String name = tool.spec().name();
            State now = tool.breaker().getState();
            for (State state : STATES) {
                states.add(Row.of(
                        Tags.of("tool", name, "state", state.name().toLowerCase(Locale.ROOT)), now == state ? 1 : 0));
            }
            Rate rate = tool.spec().throttle();
            rates.add(Row.of(
                    Tags.of("tool", name), rate.calls() * 1000.0 / rate.period().toMillis()));
        }
        breakers.register(states, true);
        limits.register(rates, true);
    }
}
