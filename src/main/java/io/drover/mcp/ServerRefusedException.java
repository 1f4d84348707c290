package io.drover.mcp;

import io.drover.tool.PermanentFailure;

/** The server answered that the call failed; the same call would not do better. */
class ServerRefusedException extends Exception implements PermanentFailure {

    ServerRefusedException(String message) {
        super(message);
    }

    @Override
    public boolean isPermanent() {
        return true;
    }
}
