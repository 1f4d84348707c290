/** Evaluates the tasks of the sample that have ended: checks, then an evaluator, which is a workflow. */
@org.jspecify.annotations.NullMarked
package io.drover.evaluation;
