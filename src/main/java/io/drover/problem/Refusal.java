package io.drover.problem;

/** An exception that knows what to tell the client. */
public interface Refusal {
    Problem problem();
}
