package io.drover.mcp;

import io.drover.tool.PermanentFailure;
import io.drover.tool.TypedFailure;
import org.jspecify.annotations.Nullable;

/** A client's call did not succeed, and the client is to hear why. */
class CallFailedException extends Exception implements PermanentFailure, TypedFailure {

    private final String type;

    CallFailedException(String type, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.type = type;
    }

    @Override
    public String errorType() {
        return type;
    }

    @Override
    public boolean isPermanent() {
        return true;
    }
}
