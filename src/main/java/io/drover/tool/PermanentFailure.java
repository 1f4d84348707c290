package io.drover.tool;

/** Marks exceptions after which the next attempt cannot go better: the task is dead at once. */
public interface PermanentFailure {

    /** Whether that is so. */
    boolean isPermanent();
}
