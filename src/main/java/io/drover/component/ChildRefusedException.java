package io.drover.component;

import io.drover.tool.PermanentFailure;

/** A task may not submit this child. */
final class ChildRefusedException extends IllegalStateException implements PermanentFailure {

    ChildRefusedException(String message) {
        super(message);
    }

    @Override
    public boolean isPermanent() {
        return true;
    }
}
