package io.drover.security;

import java.time.Duration;
import org.springframework.security.core.AuthenticationException;

/** The password was not checked; it may be sent again after a while. */
final class TooManyLoginsException extends AuthenticationException {

    private final Duration wait;

    TooManyLoginsException(String message, Duration wait) {
        super(message);
        this.wait = wait;
    }

    Duration retryAfter() {
        return wait;
    }
}
