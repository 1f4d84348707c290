package io.drover.journal;

/**
 * How many tasks of one version of a workflow a worker can take.
 *
 * @param definition digest of the definition they will run on
 */
public record ClaimRequest(String workflow, int version, int free, long definition) {

    /** Of the first version. */
    public ClaimRequest(String workflow, int free, long definition) {
        this(workflow, 1, free, definition);
    }

    public WorkflowVersion workflowVersion() {
        return new WorkflowVersion(workflow, version);
    }
}
