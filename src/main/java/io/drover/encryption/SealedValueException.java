package io.drover.encryption;

/** A value in the database cannot be opened. The message names its row, the reason and the way out, and no content. */
public class SealedValueException extends IllegalStateException {

    SealedValueException(String message) {
        super(message);
    }
}
