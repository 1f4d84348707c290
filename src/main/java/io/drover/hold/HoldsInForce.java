package io.drover.hold;

import io.drover.start.Listeners;
import io.drover.start.Periodic;
import io.drover.who.Actor;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * The holds in force as this process knows them, in memory. It looks twice a second, and immediately when another process
 * tells that a hold was set or released.
 */
@Component
public class HoldsInForce {

    /** On this PostgreSQL notification channel other processes tell. */
    public static final String CHANNEL = PostgresHolds.CHANNEL;

    private static final Logger LOG = LoggerFactory.getLogger(HoldsInForce.class);
    private static final Duration PERIOD = Duration.ofMillis(500);

    /** Hears that the holds in force are others now. */
    @FunctionalInterface
    public interface Listener {
        void changed(List<Hold> inForce);
    }

    private final Holds holds;
    private final Listeners<Listener> listeners;
    private final Periodic clock = new Periodic("holds", PERIOD, this::look);
    private final ReentrantLock reading = new ReentrantLock();
    private volatile boolean looked;
    private volatile List<Hold> all = List.of();
    private volatile Map<String, Hold> bySubject = Map.of();

    HoldsInForce(Holds holds, List<Listener> listeners) {
        this.holds = holds;
        this.listeners = new Listeners<>(listeners);
    }

    @EventListener(ApplicationStartedEvent.class)
    void start() {
        clock.start(Duration.ZERO);
    }

    @EventListener(ContextClosedEvent.class)
    void stop() {
        clock.close();
    }

    /** The holds in force, the oldest first. */
    public List<Hold> all() {
        return all;
    }

    /** Whether nothing is held. */
    public boolean isEmpty() {
        return bySubject.isEmpty();
    }

    /** The oldest hold on this subject, or null. */
    public @Nullable Hold on(String subject) {
        return bySubject.get(subject);
    }

    /** The first hold on one of these subjects, in their order, or null. */
    public @Nullable Hold onAny(Collection<String> subjects) {
        Map<String, Hold> now = bySubject;
        if (!now.isEmpty()) {
            for (String subject : subjects) {
                Hold hold = now.get(subject);
                if (hold != null) {
                    return hold;
                }
            }
        }
        return null;
    }

    /** Whether tasks of this workflow are not to be begun. */
    public boolean holdsWorkflow(String name) {
        return onAny(List.of(Hold.ALL, Hold.Kind.WORKFLOW.subject(name))) != null;
    }

    /** See {@link Holds#set}; this process knows it when this returns. */
    public Holds.Set set(Holds.Request request, Actor who) {
        Holds.Set set = holds.set(request, who);
        if (set.isNew()) {
            LOG.warn("{}", set.hold().text());
        }
        look();
        return set;
    }

    /** See {@link Holds#release}; this process knows it when this returns. */
    public @Nullable Hold release(long id, Actor who) {
        Hold released = holds.release(id, who);
        if (released != null) {
            LOG.info("hold {} on {} is released by {}", id, released.subject(), who.name());
        }
        look();
        return released;
    }

    /** Reads the holds in force. */
    public void refresh() {
        List<Hold> changed = read();
        if (changed != null) {
            listeners.each(listener -> listener.changed(changed));
        }
    }

    private @Nullable List<Hold> read() {
        reading.lock(); // an older answer must not replace a newer one
        try {
            List<Hold> now = List.copyOf(holds.inForce());
            if (now.equals(all)) {
                return null;
            }
            Map<String, Hold> next = new LinkedHashMap<>();
            now.forEach(hold -> next.putIfAbsent(hold.subject(), hold));
            all = now;
            bySubject = next;
            return now;
        } finally {
            reading.unlock();
        }
    }

    private void look() {
        try {
            boolean mayEnd = !looked || all.stream().anyMatch(hold -> hold.until() != null);
            refresh();
            if (mayEnd) {
                holds.expire();
            }
            looked = true;
        } catch (DataAccessException | TransactionException e) {
            LOG.debug("the holds could not be read; this is tried again: {}", e.getMessage());
        }
    }
}
