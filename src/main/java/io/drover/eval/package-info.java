/** Evals: which part of a workflow's tasks is evaluated, and how. */
@org.jspecify.annotations.NullMarked
package io.drover.eval;
