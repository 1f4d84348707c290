/**
 * Triggers: what comes in from Kafka, HTTP hooks and schedules, with an identity of its own, and what becomes of a bad event.
 */
@org.jspecify.annotations.NullMarked
package io.drover.intake;
