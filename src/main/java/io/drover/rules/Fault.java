package io.drover.rules;

/**
 * What is wrong with a condition.
 *
 * @param index where in its text
 */
public record Fault(int index, String message) {}
