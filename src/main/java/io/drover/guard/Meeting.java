package io.drover.guard;

/** What a call meets that is to begin, and whose effect another call has. */
enum Meeting {
    /** The other one has not ended, and is waited for. */
    AWAITED,
    /** The other one is the same call in all but its task or its place, and its result is taken. */
    REPEATED,
    /** The other one had other arguments. */
    CONFLICT
}
