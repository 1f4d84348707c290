package io.drover.task;

/** The kind of worker that runs a workflow's tasks. */
public enum WorkerKind {
    /** Any worker process. */
    PROCESS,
    /**
     * A worker Job, if a dispatcher creates them.
     * Processes with {@code drover.worker.job-workflows=false} leave the tasks to these Jobs.
     */
    JOB
}
