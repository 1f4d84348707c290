package io.drover.task;

/** The bodies that are being received take all the memory that they may; nothing more can be received now. */
public class IntakeFullException extends RuntimeException {

    IntakeFullException(long max) {
        super("more than drover.queue.max-in-flight-bytes (%d) are being received; send the request again later"
                .formatted(max));
    }
}
