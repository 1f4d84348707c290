package io.drover.journal;

import java.util.function.Supplier;
import org.springframework.dao.PessimisticLockingFailureException;

/** Decisions about families of tasks lock rows that others lock, too. Of two that wait for each other, one is repeated. */
final class Deadlocks {

    private static final int MOST_TRIES = 5;

    private Deadlocks() {}

    /** @param transaction of which nothing is done when it fails */
    static <T> T retry(Supplier<T> transaction) {
        for (int tries = 1; ; tries++) {
            try {
                return transaction.get();
            } catch (PessimisticLockingFailureException e) {
                if (tries == MOST_TRIES) {
                    throw e;
                }
            }
        }
    }
}
