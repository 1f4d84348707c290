package io.drover.journal;

/** The states of a task; {@code docs/architecture.md} draws the transitions, table constraints enforce them. */
public enum TaskStatus {
    /** Due, and waiting for a worker. */
    QUEUED,
    /** An attempt is under way under a worker's lease. */
    RUNNING,
    /** Not due: waits for a time or for a person, and holds neither thread nor connection. */
    WAITING,
    /** Ended with an output. */
    COMPLETED,
    /** Ended with an error; a person may redrive it. */
    DEAD,
    /** Ended by a person. */
    CANCELLED;

    /** Whether the task has ended. */
    public boolean isTerminal() {
        return this == COMPLETED || this == DEAD || this == CANCELLED;
    }
}
