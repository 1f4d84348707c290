package io.drover.mcp;

/** The server answered that the call failed. What it had done by then nobody knows: {@code isError} is any error. */
class ServerErrorException extends Exception {

    ServerErrorException(String message) {
        super(message);
    }
}
