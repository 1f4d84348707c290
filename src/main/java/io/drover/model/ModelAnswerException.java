package io.drover.model;

import io.drover.tool.PermanentFailure;

/** An answer of a model that cannot be used. It was paid for all the same. */
class ModelAnswerException extends RuntimeException implements PermanentFailure {

    private final boolean permanent;

    /** @param permanent the same question would be answered, and paid for, in the same way */
    ModelAnswerException(String message, boolean permanent) {
        super(message);
        this.permanent = permanent;
    }

    @Override
    public boolean isPermanent() {
        return permanent;
    }
}
