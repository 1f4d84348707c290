package io.drover.rollout;

/**
 * How a guardrail stands.
 *
 * @param counts pairs, and how many tasks of either side were bad in them
 * @param worse  the e-value that the candidate's share is greater
 * @param good   the e-value that it is not greater by the tolerance
 */
record Evidence(String guardrail, PairCounts counts, double worse, double good) {}
