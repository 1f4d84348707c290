/** What {@code drover.jar} does besides serving: {@code validate}, {@code run} and {@code drain}. */
@org.jspecify.annotations.NullMarked
package io.drover.command;
