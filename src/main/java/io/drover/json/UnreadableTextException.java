package io.drover.json;

import java.nio.charset.CharacterCodingException;

/** Bytes are not the text that they are declared to be, or no text at all. The message says why, and what would be right. */
public final class UnreadableTextException extends CharacterCodingException {

    private final String reason;

    UnreadableTextException(String reason) {
        this.reason = reason;
    }

    @Override
    public String getMessage() {
        return reason;
    }
}
