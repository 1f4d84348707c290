package io.drover.camel;

/** A route file cannot be built. */
class RouteFileException extends Exception {

    private final int line;

    RouteFileException(int line, String message, Throwable cause) {
        super(message, cause);
        this.line = line;
    }

    /** From 1. */
    int line() {
        return line;
    }
}
