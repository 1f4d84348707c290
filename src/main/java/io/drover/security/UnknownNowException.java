package io.drover.security;

import org.springframework.security.core.AuthenticationException;

/** It is not known now whether a credential counts: who knows does not answer. */
final class UnknownNowException extends AuthenticationException {

    /** @param who does not answer */
    UnknownNowException(String who, Throwable cause) {
        super(who + " does not answer, so it is not known whether the token counts; send it again later", cause);
    }
}
