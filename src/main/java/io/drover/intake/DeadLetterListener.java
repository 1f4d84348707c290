package io.drover.intake;

/** Hears of records that could not become tasks; for metrics. It must be quick. */
public interface DeadLetterListener {

    /** A record of the topic is in its dead letter topic. */
    void deadLettered(String topic);

    /** A record of the topic is in the database, because its dead letter topic did not take it. */
    default void setAside(String topic) {}
}
