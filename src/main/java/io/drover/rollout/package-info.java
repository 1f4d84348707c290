/**
 * Rollouts of a workflow's version: which tasks the candidate gets, and what becomes of it by their outcomes.
 * The {@link io.drover.rollout.Judge judge} is pure code: it reads no clock and no database, and the same outcomes in the same order give the same verdict.
 */
@org.jspecify.annotations.NullMarked
package io.drover.rollout;
