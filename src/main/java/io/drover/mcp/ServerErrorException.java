package io.drover.mcp;

/**
 * The server answered that the call failed.
 * It is unknown what the call had done by then: {@code isError} means any error.
 */
class ServerErrorException extends Exception {

    ServerErrorException(String message) {
        super(message);
    }
}
