package io.drover.tool;

/** Marks exceptions after which another attempt would fail in the same way: the task is dead immediately. */
public interface PermanentFailure {

    /** Whether that is so. */
    boolean isPermanent();
}
