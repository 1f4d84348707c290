package io.drover.secret;

import io.drover.tool.TypedFailure;
import java.net.ConnectException;

/** A secret has no value that can be used. Nothing was sent; the same call does better once the secret is there. */
public final class MissingSecretException extends ConnectException implements TypedFailure {

    private static final long serialVersionUID = 1;

    MissingSecretException(String message) {
        super(message);
    }

    @Override
    public String errorType() {
        return "MissingSecret";
    }
}
