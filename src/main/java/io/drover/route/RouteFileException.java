package io.drover.route;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** A route file cannot be built. */
class RouteFileException extends Exception {

    private final int line;
    private final boolean waits;
    private final boolean forFile;
    private final boolean disturbs;

    RouteFileException(int line, String message, @Nullable Throwable cause) {
        this(line, message, cause, false, false, false);
    }

    private RouteFileException(
            int line, String message, @Nullable Throwable cause, boolean waits, boolean forFile, boolean disturbs) {
        super(message, cause);
        this.line = line;
        this.waits = waits;
        this.forFile = forFile;
        this.disturbs = disturbs;
    }

    /** Nothing is wrong with the file: it can be built when another one is there. */
    static RouteFileException waits(String message) {
        return new RouteFileException(1, message, null, true, true, false);
    }

    /**
     * Camel could not build or start it. Where a server is away that the route connects to, the file is right.
     *
     * @param disturbs whether what ran before was stopped for it, and started again
     */
    static RouteFileException of(Exception failure, boolean disturbs) {
        String message = RouteErrors.message(failure);
        return isAway(failure)
                ? new RouteFileException(1, "a server is away: " + message, failure, true, false, disturbs)
                : new RouteFileException(RouteErrors.line(failure), message, failure, false, false, disturbs);
    }

    private static boolean isAway(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException
                    || cause instanceof UnknownHostException
                    || cause instanceof NoRouteToHostException
                    || cause instanceof SocketTimeoutException
                    || String.valueOf(cause.getMessage()).startsWith("No resolvable bootstrap")) { // of Kafka's clients
                return true;
            }
        }
        return false;
    }

    /** Whether nothing is wrong with the file. */
    boolean waits() {
        return waits;
    }

    /** Whether it waits for another file, so that every change of the files may help. */
    boolean waitsForFile() {
        return forFile;
    }

    /** Whether each try stops what runs for a moment. */
    boolean disturbs() {
        return disturbs;
    }

    /** From 1. */
    int line() {
        return line;
    }
}
