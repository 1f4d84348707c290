/**
 * OpenTelemetry spans: their names and their contents.
 * Until an exporter is configured, nothing is recorded, at next to no cost.
 */
@org.jspecify.annotations.NullMarked
package io.drover.trace;
