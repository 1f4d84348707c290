package io.drover.task;

import io.drover.start.Periodic;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.function.IntUnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.EventListener;

/** Deletes what has been kept for long enough. Every process does so once an hour, and they share the work. */
abstract class Retention {

    private static final int BATCH = 1000;

    private final Logger log = LoggerFactory.getLogger(getClass());
    private final Duration delay;
    private final IntUnaryOperator delete;
    private final String done;
    private final Duration age;
    private final Periodic timer;

    /**
     * @param name   of the thread, and in metrics
     * @param delay  after the start of the process
     * @param age    how long it is kept
     * @param done   the line of the log that says how many were older than that
     * @param delete deletes at most that number, and returns how many it deleted
     */
    Retention(String name, Duration delay, Duration age, String done, IntUnaryOperator delete) {
        this.delay = delay;
        this.age = age;
        this.done = done;
        this.delete = delete;
        this.timer = new Periodic(name, Duration.ofHours(1), this::run);
    }

    @EventListener(ApplicationStartedEvent.class)
    void start() {
        timer.start(delay);
    }

    private void run() {
        int deleted = 0;
        int last = BATCH;
        while (last == BATCH) {
            timer.alive();
            last = delete.applyAsInt(BATCH);
            deleted += last;
        }
        if (deleted > 0) {
            log.info(done, deleted, age);
        }
    }

    @PreDestroy
    void stop() {
        timer.close();
    }
}
