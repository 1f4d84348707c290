/**
 * Spans of OpenTelemetry: what they are named and what they say. Nothing is recorded, at next to no cost, until an
 * exporter is configured.
 */
@org.jspecify.annotations.NullMarked
package io.drover.trace;
