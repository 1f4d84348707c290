package io.drover.telemetry;

import io.drover.egress.EgressListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** Counts what was decided about connections. */
@Component
class EgressMeters implements EgressListener {

    private static final String NO_TOOL = "none";

    private record Key(String tool, Verdict verdict) {}

    private final MeterRegistry registry;
    private final Map<Key, Counter> counters = new ConcurrentHashMap<>();

    EgressMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Begins the tool's counters at zero. */
    void begin(String tool) {
        for (Verdict verdict : Verdict.values()) {
            counter(tool, verdict);
        }
    }

    @Override
    public void judged(String tool, Verdict verdict) {
        counter(tool.isEmpty() ? NO_TOOL : tool, verdict).increment();
    }

    private Counter counter(String tool, Verdict verdict) {
        return counters.computeIfAbsent(new Key(tool, verdict), key -> Counter.builder("agent.egress.checks")
                .description("Connections by what the lists of hosts say about them.")
                .tag("tool", tool)
                .tag("verdict", verdict.name().toLowerCase(Locale.ROOT))
                .register(registry));
    }
}
