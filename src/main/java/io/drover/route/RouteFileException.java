package io.drover.route;

import org.jspecify.annotations.Nullable;

/** A route file cannot be built. */
class RouteFileException extends Exception {

    private final int line;
    private final boolean waits;

    RouteFileException(int line, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.line = line;
        this.waits = false;
    }

    private RouteFileException(String message) {
        super(message);
        this.line = 1;
        this.waits = true;
    }

    /** Nothing is wrong with the file: it can be built when something else is there. */
    static RouteFileException waits(String message) {
        return new RouteFileException(message);
    }

    boolean waits() {
        return waits;
    }

    /** From 1. */
    int line() {
        return line;
    }
}
