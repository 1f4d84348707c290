package io.drover.journal;

/**
 * The task was taken over, cancelled or ended; this attempt must stop, and nothing that it does from now on is
 * recorded.
 */
public class LeaseLostException extends RuntimeException {

    public LeaseLostException(Lease lease, String operation) {
        super(
                "task %s: the lease with token %d is lost, so %s was refused; this attempt ends here, and the worker that holds the task continues from the journal"
                        .formatted(lease.task(), lease.token(), operation));
    }

    LeaseLostException(String message) {
        super(message);
    }
}
