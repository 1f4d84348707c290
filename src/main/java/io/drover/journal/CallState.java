package io.drover.journal;

/** What the journal knows of a call. */
public enum CallState {
    /**
     * It may be under way, or it was when its worker died: until there is a result, it is not known whether it took
     * effect.
     */
    STARTED,
    /** It succeeded and its result is recorded: it is never made again. */
    SUCCEEDED,
    /** It surely had no effect, or only reads; the next attempt makes it again. */
    FAILED,
    /** Whether it took effect is unknown. A person is asked, unless the call may be repeated. */
    IN_DOUBT,
    /** A person decided: call again. */
    AGAIN,
    /** A person decided: it failed. */
    REJECTED
}
