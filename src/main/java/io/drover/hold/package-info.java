/**
 * Holds: a person stops a tool, a workflow, a model, an agent, a user or everything, for the whole fleet. This package keeps
 * them and tells which are in force; {@code guard} and {@code task} make what is held wait.
 */
@org.jspecify.annotations.NullMarked
package io.drover.hold;
