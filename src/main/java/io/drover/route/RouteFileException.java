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

    RouteFileException(int line, String message, @Nullable Throwable cause) {
        this(line, message, cause, false, false);
    }

    private RouteFileException(int line, String message, @Nullable Throwable cause, boolean waits, boolean forFile) {
        super(message, cause);
        this.line = line;
        this.waits = waits;
        this.forFile = forFile;
    }

    /** Nothing is wrong with the file: it can be built when another one is there. */
    static RouteFileException waits(String message) {
        return new RouteFileException(1, message, null, true, true);
    }

    /** Camel could not build or start it. Where a server is away that the route connects to, the file is right. */
    static RouteFileException of(Exception failure) {
        String message = RouteErrors.message(failure);
        return isAway(failure)
                ? new RouteFileException(1, "a server is away: " + message, failure, true, false)
                : new RouteFileException(RouteErrors.line(failure), message, failure);
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

    /** From 1. */
    int line() {
        return line;
    }
}
