package io.drover.intake;

/**
 * Is notified about records that could not become tasks, for example for metrics.
 * It must return quickly.
 */
public interface DeadLetterListener {

    /** A record of the topic is in its dead letter topic. */
    void deadLettered(String topic);

    /** A record of the topic is in the database, because its dead letter topic did not take it. */
    default void setAside(String topic) {}
}
