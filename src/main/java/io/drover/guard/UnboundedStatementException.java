package io.drover.guard;

import io.drover.tool.PermanentFailure;

/** A statement was not run, because its result could not be bounded while it is read. */
class UnboundedStatementException extends RuntimeException implements PermanentFailure {

    UnboundedStatementException(String message) {
        super(message);
    }

    @Override
    public boolean isPermanent() {
        return true;
    }
}
