/**
 * What a tool is: its specification, its arguments and their schema, the registry of what can be called, and the outcome
 * of a call. Nothing here knows how a call is guarded or recorded.
 */
@org.jspecify.annotations.NullMarked
package io.drover.tool;
