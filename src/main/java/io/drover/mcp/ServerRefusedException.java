package io.drover.mcp;

import io.drover.tool.PermanentFailure;

/** The server did nothing, or could not have done anything; the same call would fail again. */
class ServerRefusedException extends Exception implements PermanentFailure {

    ServerRefusedException(String message) {
        super(message);
    }

    @Override
    public boolean isPermanent() {
        return true;
    }
}
