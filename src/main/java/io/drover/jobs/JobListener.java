package io.drover.jobs;

import java.util.Collection;

/** Is notified about worker Jobs. */
public interface JobListener {

    /** Jobs are made for these workflows. */
    void watched(Collection<String> workflows);

    /** A Job was created for the workflow. */
    void made(String workflow);

    /** Kubernetes gave up on a Job of the workflow. */
    void failed(String workflow);
}
