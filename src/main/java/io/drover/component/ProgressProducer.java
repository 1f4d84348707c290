package io.drover.component;

import io.drover.guard.AttemptWork;
import io.drover.guard.TaskContext;
import io.drover.journal.Attempt;
import io.drover.journal.TaskChanges;
import io.drover.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;

/**
 * Publishes the progress of the task; the message stays as it is.
 * It is a row of the journal like a call: durable, in its place among the calls, and published once in all attempts.
 */
class ProgressProducer extends DefaultProducer {

    private static final int LONGEST = 16_000;

    private final SignalEndpoint endpoint;

    ProgressProducer(SignalEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    public void process(Exchange exchange) {
        TaskContext context = TaskContext.of(exchange);
        if (context == null) {
            throw new IllegalStateException("signal:progress stands in a workflow; a trigger has no task yet");
        }
        String body = SignalProducer.body(exchange);
        if (body.getBytes(StandardCharsets.UTF_8).length > LONGEST) {
            throw SignalProducer.invalid(
                    "signal:progress takes at most %d bytes; publish a summary, and keep the rest in the output"
                            .formatted(LONGEST));
        }
        String document = Json.canonical(Json.tree(Map.of("body", SignalProducer.parsed(body))));
        AttemptWork.begin(context, TaskChanges.PROGRESS);
        try {
            AttemptWork.mustGoOn(context);
            publish(context, document);
        } finally {
            context.attempt().done();
        }
    }

    private void publish(TaskContext context, String document) {
        Attempt attempt = context.attempt();
        UUID address = context.nextAddress(TaskChanges.PROGRESS, document);
        if (attempt.recorded(address) != null) {
            return;
        }
        RecordedSteps steps = endpoint.getComponent().steps;
        if (!steps.done(context, TaskChanges.PROGRESS, address, steps.now(), document, "null")
                .join()) {
            throw RecordedSteps.lost(attempt, TaskChanges.PROGRESS);
        }
    }
}
