package io.drover.guard;

/** What a tool's steps returned cannot be a result: too long, or not what it says it is. */
class ResultException extends RuntimeException {

    ResultException(String message) {
        super(message);
    }
}
