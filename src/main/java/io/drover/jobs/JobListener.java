package io.drover.jobs;

import java.util.Collection;

/** Hears what becomes of worker Jobs. */
public interface JobListener {

    /** Jobs are made for these workflows. */
    void watched(Collection<String> workflows);

    /** A Job was made for the workflow. */
    void made(String workflow);

    /** Kubernetes gave a Job of the workflow up. */
    void failed(String workflow);
}
