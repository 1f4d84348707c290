package io.drover.model;

import io.drover.guard.AnswerReason;
import io.drover.tool.PermanentFailure;

/** An answer of a model that cannot be used, but was paid for. */
class ModelAnswerException extends RuntimeException implements PermanentFailure {

    private final boolean permanent;

    /** @param permanent the same question would be answered, and paid for, in the same way */
    ModelAnswerException(String message, boolean permanent) {
        super(message);
        this.permanent = permanent;
    }

    /** What a model or a server says, as part of a message. */
    static String words(String said) {
        return String.valueOf(AnswerReason.of(said));
    }

    @Override
    public boolean isPermanent() {
        return permanent;
    }
}
