/**
 * What can be seen from outside: metrics, log context and health. It listens to the core, which does not know it.
 *
 * <p>Nothing here delays a task: meters are looked up once and kept, states are read in the background.
 */
@org.jspecify.annotations.NullMarked
package io.drover.telemetry;
