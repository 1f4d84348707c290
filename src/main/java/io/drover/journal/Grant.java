package io.drover.journal;

import java.util.UUID;

/**
 * What a person approves: one call, as it is now.
 *
 * @param arguments  a digest of its canonical arguments and of the rule by which people are asked
 * @param definition the digest of the tool's definition
 */
public record Grant(UUID arguments, long definition) {}
