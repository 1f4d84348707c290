package io.drover.task;

import io.drover.journal.EffectKeys;
import io.drover.start.Periodic;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Forgets old effect keys. Every process does so once an hour, and they share the work. */
@Component
class EffectRetention {

    private static final Logger LOG = LoggerFactory.getLogger(EffectRetention.class);
    private static final int BATCH = 1000;

    private final EffectProperties properties;
    private final EffectKeys keys;
    private final Periodic timer = new Periodic("effect-retention", Duration.ofHours(1), this::run);

    EffectRetention(EffectProperties properties, EffectKeys keys) {
        this.properties = properties;
        this.keys = keys;
    }

    @EventListener(ApplicationStartedEvent.class)
    void start() {
        timer.start(Duration.ofMinutes(2));
    }

    private void run() {
        int forgotten = 0;
        int last = BATCH;
        while (last == BATCH) {
            timer.alive();
            last = keys.forget(properties.keepKeys(), BATCH);
            forgotten += last;
        }
        if (forgotten > 0) {
            LOG.info("{} effect keys were older than {} and are forgotten", forgotten, properties.keepKeys());
        }
    }

    @PreDestroy
    void stop() {
        timer.close();
    }
}
