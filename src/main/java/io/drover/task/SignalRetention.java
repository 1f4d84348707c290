package io.drover.task;

import io.drover.journal.Signals;
import io.drover.start.Periodic;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Deletes the signals that no task will wait for any more. Every process does so once an hour, and they share the work. */
@Component
class SignalRetention {

    private static final Logger LOG = LoggerFactory.getLogger(SignalRetention.class);
    private static final int BATCH = 1000;

    private final SignalProperties properties;
    private final Signals signals;
    private final Periodic timer = new Periodic("signal-retention", Duration.ofHours(1), this::run);

    SignalRetention(SignalProperties properties, Signals signals) {
        this.properties = properties;
        this.signals = signals;
    }

    @EventListener(ApplicationStartedEvent.class)
    void start() {
        timer.start(Duration.ofMinutes(1));
    }

    private void run() {
        int deleted = 0;
        int last = BATCH;
        while (last == BATCH) {
            timer.alive();
            last = signals.forget(properties.keep(), BATCH);
            deleted += last;
        }
        if (deleted > 0) {
            LOG.info("{} signals were older than {} and are deleted", deleted, properties.keep());
        }
    }

    @PreDestroy
    void stop() {
        timer.close();
    }
}
