package io.drover.guard;

import java.io.IOException;

/** An answer is longer than its reader accepts. It was read to that length, and its connection is closed. */
class BodyTooLongException extends IOException {

    BodyTooLongException(String message) {
        super(message);
    }
}
