package io.drover.telemetry;

import io.drover.start.Periodic;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Looks at what the process depends on, in the background, each thing on a thread of its own. */
@Component
class Watch {

    private final List<Periodic> looks;
    private final KafkaBrokers brokers;

    Watch(List<Look> looks, KafkaBrokers brokers) {
        this.looks = looks.stream()
                .map(look -> new Periodic("watch-" + look.what(), look.every(), look::look))
                .toList();
        this.brokers = brokers;
    }

    @EventListener(ApplicationReadyEvent.class)
    void start() {
        looks.forEach(look -> look.start(Duration.ZERO));
    }

    @EventListener(ContextClosedEvent.class)
    void stop() {
        looks.forEach(Periodic::close);
        brokers.close();
    }
}
