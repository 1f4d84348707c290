package io.drover.task;

import io.drover.journal.TaskStore;
import io.drover.start.Listeners;
import io.drover.start.Periodic;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Checks every two seconds whether more tasks are queued than {@code drover.queue.max-backlog}.
 * It is full above the limit, and stays full until the number falls below nine tenths of it, so that intake does not
 * oscillate.
 */
@Component
public class Backlog {

    private static final Logger LOG = LoggerFactory.getLogger(Backlog.class);
    private static final Duration PERIOD = Duration.ofSeconds(2);

    /** Is notified every two seconds whether intake has to pause. */
    @FunctionalInterface
    public interface Listener {
        void looked(boolean full);
    }

    private final TaskStore store;
    private final int max;
    private final Listeners<Listener> listeners;
    private final Periodic clock = new Periodic("backlog", PERIOD, this::look);
    private volatile boolean full;

    Backlog(TaskStore store, TaskProperties properties, List<Listener> listeners) {
        this.store = store;
        this.max = properties.maxBacklog();
        this.listeners = new Listeners<>(listeners);
    }

    /** The value of {@code drover.queue.max-backlog}. */
    public int max() {
        return max;
    }

    /** Whether tasks from outside have to wait. */
    public boolean isFull() {
        return full;
    }

    @EventListener(ApplicationStartedEvent.class)
    void start() {
        clock.start();
    }

    @EventListener(ContextClosedEvent.class)
    void stop() {
        clock.close();
    }

    /** Counts, and tells the listeners. */
    void look() {
        try {
            int queued = store.backlog(Math.addExact(max, 1));
            boolean now = queued > (full ? max / 10 * 9 + max % 10 * 9 / 10 : max);
            if (now != full) {
                LOG.warn(
                        "{} tasks are queued and drover.queue.max-backlog is {}: intake {}",
                        queued > max ? "more than " + max : queued,
                        max,
                        now ? "pauses" : "goes on");
            }
            full = now;
            listeners.each(listener -> listener.looked(now));
        } catch (DataAccessException | TransactionException e) {
            LOG.debug("the backlog could not be counted; this is tried again: {}", e.getMessage());
        }
    }
}
