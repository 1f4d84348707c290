package io.drover.start;

import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.SmartLifecycle;

/** Starts in its place of the {@link Sequence}, once Camel has started, and stops in the reverse order. */
public interface Part extends InSequence, SmartLifecycle {

    @Override
    default void onApplicationEvent(ApplicationStartedEvent started) {
        start();
    }

    /** Camel starts when the application context is complete, and this after Camel. */
    @Override
    default boolean isAutoStartup() {
        return false;
    }

    @Override
    default int getPhase() {
        return place().phase();
    }
}
