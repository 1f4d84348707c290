package io.drover.task;

/** What kind of worker works on a workflow's tasks. */
public enum WorkerKind {
    /** Any worker process. */
    PROCESS,
    /**
     * A worker Job, if a dispatcher creates them; processes that are told to
     * ({@code drover.worker.job-workflows=false}) leave the tasks to them.
     */
    JOB
}
