package io.drover.tool;

/** Marks exceptions that name their type themselves, in a word out of a small set; others go by their class. */
public interface TypedFailure {

    /** The type in the task's error, in logs and in metrics. */
    String errorType();
}
