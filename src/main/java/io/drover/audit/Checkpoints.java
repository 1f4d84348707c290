package io.drover.audit;

import io.drover.start.Listeners;
import io.drover.start.Periodic;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Makes a checkpoint every minute, as one of the fleet, and tells the log and the listeners. */
@Component
public class Checkpoints {

    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);

    private final Sealing sealing;
    private final Listeners<CheckpointListener> listeners;
    private final Periodic clock;
    private volatile AuditState state = new AuditState(null, Duration.ZERO, 0);

    Checkpoints(Sealing sealing, List<CheckpointListener> listeners, AuditProperties properties) {
        this.sealing = sealing;
        this.listeners = new Listeners<>(listeners);
        this.clock = new Periodic("audit", properties.every(), this::look);
    }

    @EventListener(ApplicationStartedEvent.class)
    void start() {
        String verifier = sealing.verifier();
        if (verifier == null) {
            LOG.info("This process signs no checkpoints of the audit log, and makes none after one that is signed:"
                    + " drover.audit.key-file is not set.");
        } else {
            LOG.info("Checkpoints of the audit log are signed; `audit verify --key {}` checks that.", verifier);
        }
        clock.start();
    }

    @EventListener(ContextClosedEvent.class)
    void stop() {
        clock.close();
    }

    /** The log as this process saw it last. */
    public AuditState state() {
        return state;
    }

    /** Makes a checkpoint now, if something is new and no other process does so. */
    void look() {
        Sealing.Outcome outcome = sealing.seal();
        state = outcome.state();
        Sealing.Made made = outcome.made();
        if (made != null) {
            LOG.info("Audit checkpoint: {}", made.note().strip().replace("\n", " | "));
            listeners.each(listener -> listener.made(made.checkpoint(), made.note()));
        }
    }
}
