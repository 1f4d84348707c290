package io.drover.task;

import io.drover.journal.EndedTasks;
import io.drover.journal.EndedTasks.Kind;
import io.drover.journal.EndedTasks.Place;
import io.drover.start.Listeners;
import io.drover.start.Periodic;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Removes the content of tasks that ended long enough ago, and later the rest of them. Every process does so, and they
 * share the work. A task that something still needs is passed over, and looked at again within a day.
 */
@Component
class TaskRetention {

    private static final Logger LOG = LoggerFactory.getLogger(TaskRetention.class);

    /** The tasks of one transaction. */
    private static final int BATCH = 500;

    private static final Duration DELAY = Duration.ofMinutes(4);
    private static final Duration EVERY = Duration.ofMinutes(10);
    private static final int RUNS_A_DAY = (int) Duration.ofDays(1).dividedBy(EVERY);

    private final KeepProperties properties;
    private final EndedTasks tasks;
    private final Listeners<RetentionListener> listeners;
    private final Map<Kind, Place> reached = new HashMap<>();
    private final Periodic timer = new Periodic("task-retention", EVERY, this::run);
    private int runs;

    TaskRetention(KeepProperties properties, EndedTasks tasks, List<RetentionListener> listeners) {
        this.properties = properties;
        this.tasks = tasks;
        this.listeners = new Listeners<>(listeners);
    }

    @EventListener(ApplicationStartedEvent.class)
    void start() {
        timer.start(DELAY);
    }

    /** Not concurrently. */
    void run() {
        if (runs++ % RUNS_A_DAY == 0) {
            reached.clear();
        }
        if (!properties.isEverything()) {
            for (Kind kind : tasks.kinds()) {
                Duration keep = properties.of(kind.workflow(), kind.outcome());
                if (keep != null) {
                    remove(kind, keep);
                }
            }
        }
        if (properties.outcomes() != null) {
            forget(properties.outcomes());
        }
    }

    private void remove(Kind kind, Duration keep) {
        int removed = 0;
        List<Place> page = next(kind, keep);
        while (!page.isEmpty()) {
            timer.alive();
            int some = tasks.remove(page.stream().map(Place::id).toList());
            removed += some;
            reached.put(kind, page.getLast());
            listeners.each(listener -> listener.removed(kind.workflow(), kind.outcome(), some));
            page = page.size() == BATCH ? next(kind, keep) : List.of();
        }
        if (removed > 0) {
            LOG.info(
                    "{} tasks of workflow {} were {} for longer than {}: their content is removed",
                    removed,
                    kind.workflow(),
                    kind.outcome().name().toLowerCase(Locale.ROOT),
                    keep);
        }
    }

    private List<Place> next(Kind kind, Duration keep) {
        @Nullable Place last = reached.get(kind);
        return tasks.older(kind, keep, last, BATCH);
    }

    private void forget(Duration age) {
        int forgotten = 0;
        int last = BATCH;
        while (last == BATCH) {
            timer.alive();
            last = tasks.forget(age, BATCH);
            forgotten += last;
        }
        if (forgotten > 0) {
            int all = forgotten;
            listeners.each(listener -> listener.forgotten(all));
            LOG.info("{} outcomes of tasks were older than {} and are deleted", forgotten, age);
        }
    }

    @PreDestroy
    void stop() {
        timer.close();
    }
}
