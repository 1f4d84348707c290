package io.drover.tool;

/** Marks exceptions of a service that is too busy for a call and did nothing: the task waits, and spends no attempt. */
public interface BusyFailure {

    /** Whether that is so. */
    boolean isBusy();
}
