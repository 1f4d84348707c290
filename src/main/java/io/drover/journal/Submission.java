package io.drover.journal;

import java.util.UUID;

/** The outcome of a submission. */
public sealed interface Submission {

    UUID id();

    /** It is new, and durable. */
    record Accepted(UUID id) implements Submission {}

    /** The same task (workflow, key and input) was submitted before. */
    record Known(UUID id) implements Submission {}

    /** A task of this workflow has this key and another input. Nothing was stored. */
    record Conflict(UUID id) implements Submission {}
}
