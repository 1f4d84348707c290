package io.drover.component;

/** What {@code wait:} waits for. */
public enum WaitType {
    /** A signal that is sent to a key. */
    signal,
    /** A time to pass, or an instant. */
    until
}
