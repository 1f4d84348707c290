package io.drover.memory;

import io.drover.tool.PermanentFailure;

/** A key or a fact that cannot be stored. */
public class UnusableTextException extends RuntimeException implements PermanentFailure {

    UnusableTextException(String message) {
        super(message);
    }

    @Override
    public boolean isPermanent() {
        return true;
    }
}
