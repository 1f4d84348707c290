package io.drover.component;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.guard.TaskContext;
import io.drover.journal.PendingCall;
import io.drover.journal.WaitReason;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;

/** Suspends a task for a time, or until an instant; the message stays as it is. */
class WaitUntilProducer extends DefaultProducer {

    private static final String NAME = "wait:until";

    private final Waits waits;
    private final @Nullable SimpleOption duration;
    private final @Nullable SimpleOption until;

    WaitUntilProducer(WaitEndpoint endpoint) {
        super(endpoint);
        this.waits = endpoint.getComponent().waits;
        this.duration = SimpleOption.duration(NAME + ": duration", endpoint.getDuration(), endpoint.getCamelContext());
        this.until = SimpleOption.instant(NAME + ": until", endpoint.getUntil(), endpoint.getCamelContext());
    }

    @Override
    public void process(Exchange exchange) {
        ObjectNode arguments = JsonNodeFactory.instance.objectNode();
        TaskContext context = TaskContext.of(exchange);
        if (duration != null) {
            Duration time = duration.duration(exchange);
            arguments.put("duration", time.toString());
            waits.await(
                    context,
                    NAME,
                    arguments,
                    call -> PendingCall.forDuration(call, time),
                    WaitReason.TIME,
                    "waits for " + time,
                    due());
        } else {
            Instant instant = Objects.requireNonNull(until, "the endpoint has one of both")
                    .instant(exchange);
            arguments.put("until", instant.toString());
            waits.await(
                    context,
                    NAME,
                    arguments,
                    call -> PendingCall.until(call, instant),
                    WaitReason.TIME,
                    "waits until " + instant,
                    due());
        }
    }

    private static ObjectNode due() {
        return JsonNodeFactory.instance.objectNode().put("outcome", "due");
    }
}
