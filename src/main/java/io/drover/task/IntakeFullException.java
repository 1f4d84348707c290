package io.drover.task;

/** The bodies that are being received, all of them or those of one caller, take all the memory that they may. */
public class IntakeFullException extends RuntimeException {

    private final boolean ofCaller;

    IntakeFullException(long max) {
        super("more than drover.queue.max-in-flight-bytes (%d) are being received; send the request again later"
                .formatted(max));
        this.ofCaller = false;
    }

    IntakeFullException(String caller, long max) {
        super(
                "more than drover.queue.max-in-flight-bytes-per-caller (%d) of %s are being received; send the request again later"
                        .formatted(max, caller));
        this.ofCaller = true;
    }

    /** Whether only this caller has to wait. */
    boolean isOfCaller() {
        return ofCaller;
    }
}
