package io.drover.telemetry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * When something of each name last succeeded in this process.
 * A name has no gauge before its first success, because a zero would be an age of decades.
 */
final class LastSuccess {

    private final MeterRegistry registry;
    private final Clock clock;
    private final String metric;
    private final String tag;
    private final String description;
    private final Map<String, AtomicLong> millis = new ConcurrentHashMap<>();

    LastSuccess(MeterRegistry registry, Clock clock, String metric, String tag, String description) {
        this.registry = registry;
        this.clock = clock;
        this.metric = metric;
        this.tag = tag;
        this.description = description;
    }

    void now(String name) {
        AtomicLong known = millis.get(name);
        if (known == null) {
            known = millis.computeIfAbsent(name, this::create);
        }
        known.set(clock.millis());
    }

    private AtomicLong create(String name) {
        AtomicLong at = new AtomicLong(clock.millis());
        Gauge.builder(metric, at, value -> value.get() / 1000.0)
                .description(description)
                .baseUnit("seconds")
                .tag(tag, name)
                .strongReference(true)
                .register(registry);
        return at;
    }
}
