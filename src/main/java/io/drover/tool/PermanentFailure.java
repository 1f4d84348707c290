package io.drover.tool;

/** Marks exceptions after which the next attempt cannot do better: the task is dead immediately. */
public interface PermanentFailure {

    /** Whether that is so. */
    boolean isPermanent();
}
