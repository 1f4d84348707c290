package io.drover.journal;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One call as the journal holds it.
 *
 * @param address    identifies the call, see {@link CallScope}
 * @param n          order in which the task made it, from 1
 * @param tries      how many times it was sent, over all attempts; not those that ended before anything left
 * @param token      of the attempt that wrote this
 * @param definition digest of the tool definition it ran under
 * @param fallback   the fallback tool that answered, or null
 * @param arguments  a JSON document
 * @param result     a JSON document, exactly when it succeeded
 * @param error      a JSON document, when it failed or is in doubt
 * @param rule       the id and the digest of the rule that decided that it may be made, or null
 * @param branch     in which part of which split or multicast it was made, as {@code /s3/m0}; null outside of these
 */
public record CallRecord(
        UUID taskId,
        UUID address,
        int n,
        String tool,
        CallState state,
        int tries,
        long token,
        long definition,
        @Nullable String fallback,
        String arguments,
        @Nullable String result,
        @Nullable String error,
        Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable String rule,
        @Nullable String branch) {

    /**
     * Checks that the call's attempt may write this after what it knows of the call.
     *
     * @throws IllegalStateException when that is no step in the life of a call
     */
    public void checkFollows(@Nullable CallRecord before) {
        CallState from = before == null ? null : before.state();
        if (!CallState.byAttempt(from).contains(state)) {
            throw new IllegalStateException("call %d (tool:%s) of task %s is %s and cannot become %s; it can become %s"
                    .formatted(n, tool, taskId, from == null ? "new" : from, state, CallState.byAttempt(from)));
        }
    }

    /** The same, with another error, written by the attempt with this token. */
    public CallRecord withError(String other, long by) {
        return copy(taskId, address, n, by, other);
    }

    /** The same under another address. */
    public CallRecord at(UUID other) {
        return copy(taskId, other, n, token, error);
    }

    /** The same as a call of the shadow that hears it. @param number in the shadow */
    CallRecord heardBy(Lease shadow, int number) {
        return copy(shadow.task(), address, number, shadow.token(), error);
    }

    private CallRecord copy(UUID task, UUID place, int number, long by, @Nullable String failure) {
        return new CallRecord(
                task,
                place,
                number,
                tool,
                state,
                tries,
                by,
                definition,
                fallback,
                arguments,
                result,
                failure,
                startedAt,
                finishedAt,
                rule,
                branch);
    }

    /** Its approximate number of bytes. */
    long length() {
        return arguments.length() + (result == null ? 0L : result.length());
    }
}
