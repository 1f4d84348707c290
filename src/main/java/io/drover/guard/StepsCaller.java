package io.drover.guard;

import io.drover.egress.EgressCaller;
import org.apache.camel.Exchange;
import org.springframework.stereotype.Component;

/** The tool whose steps connect on this thread: by what it is sending, else by the try whose code runs on it. */
@Component
class StepsCaller implements EgressCaller {

    @Override
    public String tool() {
        Exchange sending = Sending.now();
        Try current = sending == null ? Try.onThisThread() : Try.find(sending);
        return current == null ? "" : current.call().spec().name();
    }
}
