package io.drover.journal.memory;

import io.drover.journal.CallRecord;
import io.drover.journal.CallState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What becomes of the record of a call. */
final class CallWrites {

    private CallWrites() {}

    /** Whether an attempt may write this over what is there: a step in the life of a call, or the same once more. */
    static boolean follows(CallRecord call, @Nullable CallRecord before) {
        return before == null
                ? CallState.byAttempt(null).contains(call.state())
                : before.token() <= call.token()
                        && (before.token() == call.token() && before.state() == call.state()
                                || CallState.byAttempt(before.state()).contains(call.state()));
    }

    /** The same call, which has come to something outside of an attempt. @param token of those that may still write it */
    static CallRecord ended(
            CallRecord call,
            CallState state,
            long token,
            @Nullable String result,
            @Nullable String error,
            Instant now) {
        return new CallRecord(
                call.taskId(),
                call.address(),
                call.n(),
                call.tool(),
                state,
                call.tries(),
                token,
                call.definition(),
                call.fallback(),
                call.arguments(),
                result,
                error,
                call.startedAt(),
                now,
                call.rule(),
                call.branch());
    }
}
