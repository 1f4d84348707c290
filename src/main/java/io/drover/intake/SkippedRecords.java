package io.drover.intake;

import io.drover.journal.SetAside;
import io.drover.start.Periodic;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * The records that an operator wants to skip.
 * Every process knows a new one within five seconds.
 */
@Component
class SkippedRecords {

    private static final Duration PERIOD = Duration.ofSeconds(5);

    private final SetAside setAside;
    private final Periodic look;
    private volatile Map<SetAside.Position, String> skips = Map.of();

    SkippedRecords(SetAside setAside) {
        this.setAside = setAside;
        this.look = new Periodic("record-skips", PERIOD, this::look);
    }

    @EventListener(ApplicationStartedEvent.class)
    void start() {
        look.start();
    }

    @EventListener(ContextClosedEvent.class)
    void stop() {
        look.close();
    }

    private void look() {
        skips = setAside.skips();
    }

    /** Why a record is skipped, or null. */
    @Nullable
    Throwable of(SourceRecord record) {
        Map<SetAside.Position, String> known = skips;
        String by = known.isEmpty() ? null : known.get(record.position());
        return by == null ? null : new RecordSkippedException("skipped by " + by);
    }

    /** An operator wants the record skipped. */
    static final class RecordSkippedException extends RuntimeException {

        RecordSkippedException(String message) {
            super(message);
        }
    }
}
