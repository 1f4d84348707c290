package io.drover.mcp;

import io.drover.tool.PermanentFailure;
import io.drover.tool.TypedFailure;
import org.jspecify.annotations.Nullable;

/** A client's call did not succeed, and the client must be told why. */
class CallFailedException extends Exception implements PermanentFailure, TypedFailure {

    private final String type;
    private final boolean permanent;

    /** @param permanent the next attempt cannot do better, or is not to be made */
    CallFailedException(String type, String message, @Nullable Throwable cause, boolean permanent) {
        super(message, cause);
        this.type = type;
        this.permanent = permanent;
    }

    @Override
    public String errorType() {
        return type;
    }

    @Override
    public boolean isPermanent() {
        return permanent;
    }
}
