package io.drover.task;

/** Too much is being received to receive more now. */
public class IntakeFullException extends RuntimeException {

    IntakeFullException(long max) {
        super("more than drover.queue.max-in-flight-bytes (%d) are being received; send the request again later"
                .formatted(max));
    }
}
