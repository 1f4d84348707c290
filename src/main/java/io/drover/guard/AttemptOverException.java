package io.drover.guard;

import io.drover.journal.Lease;
import io.drover.journal.LeaseLostException;

/** A call was refused because its attempt has ended or is about to wait. */
class AttemptOverException extends LeaseLostException {

    AttemptOverException(Lease lease, String reason) {
        super(lease, "a call (%s)".formatted(reason));
    }
}
