package io.drover.scaffold;

/** Why an operation becomes no tool, and what to do about it. */
final class LeftOutException extends Exception {

    LeftOutException(String message) {
        super(message);
    }
}
