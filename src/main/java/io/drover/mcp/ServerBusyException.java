package io.drover.mcp;

import io.drover.tool.BusyFailure;

/** A server that is a Drover was too busy to begin. */
final class ServerBusyException extends Exception implements BusyFailure {

    ServerBusyException(String message) {
        super(message);
    }

    @Override
    public boolean isBusy() {
        return true;
    }
}
