package io.drover.model;

import io.drover.tool.PermanentFailure;

/** A model was not called, because the worst case of the call costs more than is left. */
public class BudgetExceededException extends RuntimeException implements PermanentFailure {

    /** @param message the budget, what is left of it and what the call could cost */
    BudgetExceededException(String message) {
        super(message);
    }

    @Override
    public boolean isPermanent() {
        return true;
    }
}
