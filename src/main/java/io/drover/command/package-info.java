/**
 * What {@code drover.jar} does besides serving: {@code validate}, {@code run} and {@code drain} work here; {@code tasks},
 * {@code task}, {@code dead}, {@code retry}, {@code cancel}, {@code tools} and {@code workers} ask a running instance.
 */
@org.jspecify.annotations.NullMarked
package io.drover.command;
