package io.drover.secret;

import io.drover.tool.PermanentFailure;
import io.drover.tool.TypedFailure;
import java.net.ConnectException;

/** A secret stands where it may not leave the process. Nothing was sent, and the same call would not do better. */
public final class SecretRefusedException extends ConnectException implements PermanentFailure, TypedFailure {

    private static final long serialVersionUID = 1;

    public SecretRefusedException(String message) {
        super(message);
    }

    @Override
    public boolean isPermanent() {
        return true;
    }

    @Override
    public String errorType() {
        return "SecretRefused";
    }
}
