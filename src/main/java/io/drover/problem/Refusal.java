package io.drover.problem;

/** An exception that knows what the client is to be told. */
public interface Refusal {
    Problem problem();
}
