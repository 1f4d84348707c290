package io.drover.journal;

/**
 * One of the versions of a workflow that are in force side by side.
 *
 * @param version from 1
 */
public record WorkflowVersion(String workflow, int version) {}
