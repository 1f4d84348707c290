package io.drover.datasource;

/** All connections that the borrower may hold are in use. Nothing was sent, so the same call may be made later. */
public final class NoConnectionException extends RuntimeException {

    NoConnectionException(String message) {
        super(message);
    }
}
