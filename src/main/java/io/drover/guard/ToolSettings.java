package io.drover.guard;

import io.drover.start.Bounds;
import io.drover.tool.ToolOptions;
import io.drover.tool.ToolRules;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;

/**
 * What configuration says of a tool: {@code drover.tools.<name>.*}, or {@code drover.tools.defaults.*} for all. What is
 * null here is taken from the tool's route, then from the defaults.
 */
public class ToolSettings extends ToolOptions {

    @Nullable
    Boolean enabled;

    @Nullable
    Breaker breaker;

    /** @param enabled false: every call is refused */
    public void setEnabled(Boolean enabled) {
        this.enabled = enabled;
    }

    /** @param breaker the circuit breaker; it is the same for all versions of the tool */
    public void setBreaker(Breaker breaker) {
        this.breaker = breaker;
    }

    /** @param property what they are below, as {@code drover.tools.charge} */
    void check(String property) {
        ToolRules.ofEach(option -> property + "." + DataObjectPropertyName.toDashedForm(option), this::get)
                .values()
                .stream()
                .findFirst()
                .ifPresent(problem -> {
                    throw new IllegalArgumentException(problem);
                });
        if (breaker != null) {
            breaker.check(property + ".breaker");
        }
    }

    /**
     * When the circuit breaker opens and closes (Resilience4j).
     *
     * @param failureRate   opens at this percentage of failed calls
     * @param window        the number of latest calls that count
     * @param minimumCalls  the number of calls before which it does not open
     * @param waitOpen      how long nothing is let through
     * @param trialCalls    how many calls are let through then, to see
     */
    public record Breaker(
            @Nullable Float failureRate,
            @Nullable Integer window,
            @Nullable Integer minimumCalls,
            @Nullable Duration waitOpen,
            @Nullable Integer trialCalls) {

        /** Of calls: Resilience4j remembers each. */
        private static final Bounds<Integer> CALLS = Bounds.of(1, 100_000, 20);

        void check(String property) {
            new Bounds<>(0.1f, 100f, 50f).check(property + ".failure-rate", failureRate);
            CALLS.check(property + ".window", window);
            CALLS.check(property + ".minimum-calls", minimumCalls);
            Bounds.ofTime("1ms", "1d", "10s").check(property + ".wait-open", waitOpen);
            CALLS.check(property + ".trial-calls", trialCalls);
        }
    }
}
