/**
 * Rollouts of a workflow's version: which tasks the candidate gets, and the judge of their outcomes.
 * The judge is pure code: it reads no clock and no database, and the same outcomes in the same order give the same verdict.
 */
@org.jspecify.annotations.NullMarked
package io.drover.rollout;
