package io.drover.journal;

/**
 * How many tasks of one workflow a worker can take.
 *
 * @param definition digest of the definition they will run on
 */
public record ClaimRequest(String workflow, int free, long definition) {}
