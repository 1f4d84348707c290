package io.drover.start;

import java.time.Duration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationFailedEvent;
import org.springframework.context.ApplicationListener;

/**
 * Starts the process.
 * If it must not start, ends it with exit code 1, even if other threads are already running.
 */
public final class ProcessStart {

    /** The time to close what was opened. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private ProcessStart() {}

    public static void run(SpringApplication application, String... arguments) {
        application.addListeners((ApplicationListener<ApplicationFailedEvent>) failed -> endSoon());
        try {
            application.run(arguments);
        } catch (SpringApplication.AbandonedRunException e) {
            throw e; // it was asked to start no further
        } catch (Throwable e) { // which has been reported
            System.exit(1);
        }
    }

    private static void endSoon() {
        Thread.ofPlatform().daemon().name("refused-start").start(() -> {
            try {
                Thread.sleep(PATIENCE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            Runtime.getRuntime().halt(1);
        });
    }
}
