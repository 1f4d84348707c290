package io.drover.scaffold;

/** Why nothing was written; the message names the rule and the way out. */
public final class RefusedFileException extends Exception {

    RefusedFileException(String message) {
        super(message);
    }
}
