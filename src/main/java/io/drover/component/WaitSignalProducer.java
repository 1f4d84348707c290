package io.drover.component;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.guard.TaskContext;
import io.drover.journal.PendingCall;
import io.drover.journal.WaitReason;
import io.drover.json.Json;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;

/** Suspends a task until a signal comes or the time is over; the new body says which, and holds the signal's body. */
class WaitSignalProducer extends DefaultProducer {

    private static final String NAME = "wait:signal";

    private final Waits waits;
    private final String name;
    private final KeyTemplate key;
    private final @Nullable SimpleOption timeout;
    private final Duration lookBack;
    private final @Nullable JsonNode dryRunResult;

    WaitSignalProducer(WaitEndpoint endpoint) {
        super(endpoint);
        this.waits = endpoint.getComponent().waits;
        this.name = String.valueOf(endpoint.getName());
        this.key = new KeyTemplate(String.valueOf(endpoint.getKey()), endpoint.getCamelContext());
        this.timeout = SimpleOption.duration(NAME + ": timeout", endpoint.getTimeout(), endpoint.getCamelContext());
        this.lookBack = endpoint.getLookBack();
        this.dryRunResult = document(endpoint.getDryRunResult());
    }

    private static @Nullable JsonNode document(@Nullable String text) {
        try {
            return text == null ? null : Json.parse(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("%s: dryRunResult (%s) must be the body of a signal as JSON: %s"
                    .formatted(NAME, text, Json.reason(e)));
        }
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        String whom = SignalKeys.of(key, exchange, NAME);
        Duration longest = timeout == null ? null : timeout.duration(exchange);
        ObjectNode arguments =
                JsonNodeFactory.instance.objectNode().put("name", name).put("key", whom);
        if (longest != null) {
            arguments.put("timeout", longest.toString());
        }
        JsonNode result = waits.await(
                TaskContext.of(exchange),
                NAME,
                arguments,
                call -> PendingCall.forSignal(call, name, whom, lookBack, longest),
                WaitReason.SIGNAL,
                "waits for signal '%s' to '%s'%s".formatted(name, whom, longest == null ? "" : ", at most " + longest),
                inDryRun());
        exchange.getMessage().setBody(Json.recorded(result.toString()));
    }

    /** No one signals a dry run. */
    private ObjectNode inDryRun() {
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        return dryRunResult == null
                ? result.put("outcome", "timeout")
                : result.put("outcome", "received").set("body", dryRunResult);
    }
}
