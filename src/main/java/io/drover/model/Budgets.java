package io.drover.model;

import io.drover.journal.ClaimedTask;
import java.math.BigDecimal;

/**
 * The shared budgets of all models, counted in the database for all workers.
 * Before a call is made, it reserves its worst case from every budget that applies to it; afterwards it returns the
 * rest.
 * Reservations of a crashed process are not returned, because it is unknown what the process was charged.
 * The same holds for reservations that cannot be returned while the database is away.
 */
public interface Budgets {

    /** @throws BudgetExceededException when one of the budgets does not hold so much; then nothing is taken */
    Reservation reserve(ClaimedTask task, BigDecimal usd);

    /** What a call has reserved from the budgets. */
    interface Reservation {

        /**
         * Returns what the call did not need; it may also have needed more.
         * The answer is paid for by now, so it is kept even if the database does not answer.
         */
        void settle(BigDecimal cost);
    }
}
