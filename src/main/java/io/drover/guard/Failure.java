package io.drover.guard;

import io.drover.secret.KnownSecrets;
import io.drover.tool.BusyFailure;
import io.drover.tool.HttpAnswerException;
import java.time.Duration;
import java.util.Locale;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.jspecify.annotations.Nullable;

/**
 * A failed try, by what it says about the outside world.
 *
 * @param retryAfter what the other side asked for, or null
 */
record Failure(Kind kind, String summary, @Nullable Throwable cause, @Nullable Duration retryAfter) {

    Failure {
        summary = KnownSecrets.hidden(summary);
    }

    enum Kind {
        /** The request surely had no effect; trying again may help. */
        NOT_HAPPENED,
        /** The request surely had no effect, and the same request will not do better. */
        REJECTED,
        /** The request may have had its effect. */
        UNKNOWN,
        /** The circuit breaker let nothing through. */
        BREAKER_OPEN,
        /** The fleet's rate, or this process's limit of concurrent calls, is spent. */
        THROTTLED,
        /** The attempt no longer holds its task. */
        LEASE_LOST
    }

    /** The same, but what is said of it holds nothing from outside. */
    Failure withoutWords() {
        String what =
                switch (cause) {
                    case null -> kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
                    case HttpOperationFailedException e -> "HTTP " + e.getStatusCode();
                    case HttpAnswerException e -> "HTTP " + e.status();
                    default -> cause.getClass().getSimpleName();
                };
        return new Failure(kind, what + " (no words are kept, because the tool redacts)", cause, retryAfter);
    }

    /** The service was too busy for the request. */
    boolean isBusy() {
        return cause instanceof BusyFailure busy && busy.isBusy();
    }

    boolean surelyDidNotHappen() {
        return kind != Kind.UNKNOWN && kind != Kind.LEASE_LOST;
    }
}
