package io.drover.task;

import io.drover.journal.ApprovalListener;
import io.drover.journal.ApprovalNotices;
import io.drover.start.Listeners;
import io.drover.start.Periodic;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Has the reminders and escalations of approvals called. Every process looks every few seconds, and they share the work. */
@Component
class ApprovalReminders {

    private static final Duration PERIOD = Duration.ofSeconds(5);
    private static final int BATCH = 500;

    private final ApprovalNotices notices;
    private final Listeners<ApprovalListener> listeners;
    private final Periodic timer = new Periodic("approval-notices", PERIOD, this::run);

    ApprovalReminders(ApprovalNotices notices, List<ApprovalListener> listeners) {
        this.notices = notices;
        this.listeners = new Listeners<>(listeners);
    }

    @EventListener(ApplicationStartedEvent.class)
    void start() {
        timer.start();
    }

    private void run() {
        List<String> submitted;
        do {
            timer.alive();
            submitted = notices.submitDue(BATCH);
            submitted.forEach(occasion -> listeners.each(listener -> listener.told(occasion)));
        } while (submitted.size() == BATCH);
    }

    @PreDestroy
    void stop() {
        timer.close();
    }
}
