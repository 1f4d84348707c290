/**
 * What a tool is: its specification and limits, and the outcome of a call. Nothing here knows how a call is guarded or recorded.
 */
@org.jspecify.annotations.NullMarked
package io.drover.tool;
