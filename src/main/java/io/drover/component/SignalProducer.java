package io.drover.component;

import io.drover.guard.AttemptWork;
import io.drover.guard.TaskContext;
import io.drover.intake.SourceRecord;
import io.drover.intake.TriggerEvent;
import io.drover.journal.Attempt;
import io.drover.journal.KeyOwner;
import io.drover.journal.Signal.Outcome;
import io.drover.json.Json;
import io.drover.json.UnreadableTextException;
import io.drover.route.RouteIds;
import io.drover.task.InvalidTaskException;
import io.drover.task.InvalidTaskException.Reason;
import io.drover.task.Signals;
import io.drover.task.Signals.Send;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;

/** Sends a signal; the message stays as it is. An event that comes twice, and a later attempt, send it once. */
class SignalProducer extends DefaultProducer {

    private final SignalEndpoint endpoint;
    private final String step;
    private final KeyTemplate key;
    private final @Nullable KeyTemplate id;

    SignalProducer(SignalEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
        this.step = "signal:" + endpoint.getName();
        this.key = new KeyTemplate(String.valueOf(endpoint.getKey()), endpoint.getCamelContext());
        this.id = endpoint.getId() == null ? null : new KeyTemplate(endpoint.getId(), endpoint.getCamelContext());
    }

    @Override
    public void process(Exchange exchange) {
        String whom = SignalKeys.of(key, exchange, step);
        String body = body(exchange);
        TaskContext context = TaskContext.of(exchange);
        if (context == null) {
            sendForEvent(exchange, whom, body);
            return;
        }
        AttemptWork.begin(context, step);
        try {
            AttemptWork.mustGoOn(context);
            sendForTask(context, whom, body, given(exchange));
        } finally {
            context.attempt().done();
        }
    }

    private void sendForEvent(Exchange exchange, String whom, String body) {
        TriggerEvent event = TriggerEvent.of(exchange);
        Integer part = exchange.getProperty(ExchangePropertyKey.SPLIT_INDEX, Integer.class);
        String given = given(exchange);
        if (given == null && event != null && event.needsKey()) {
            throw new InvalidTaskException(Reason.BAD_KEY, needsId(event), List.of());
        }
        TriggerEvent.Key own = event == null || given != null ? null : event.next(step, part);
        boolean firstCounts = own != null && event != null && event.isInstant();
        try {
            CompletableFuture<Long> sent = endpoint.getComponent()
                    .signals
                    .send(new Send(
                            endpoint.getName(),
                            whom,
                            body,
                            own == null ? given : own.text(),
                            own == null ? ownerOf(event) : own.owner(),
                            RouteIds.logical(exchange.getFromRouteId())))
                    .thenApply(outcome -> firstCounts && outcome instanceof Outcome.Conflict first
                            ? first.id()
                            : Signals.id(outcome));
            SourceRecord record = SourceRecord.of(exchange);
            if (record != null) {
                record.await(sent);
            } else {
                Durable.join(exchange, sent);
            }
        } catch (RuntimeException e) {
            if (event != null && own != null) {
                event.giveBack(own);
            }
            throw e;
        }
    }

    private @Nullable String given(Exchange exchange) {
        return id == null ? null : id.of(exchange);
    }

    /** Of the ids that the author gives: each client of a hook has ids of its own. */
    private static String ownerOf(@Nullable TriggerEvent event) {
        return event != null && event.user() != null ? event.user() : KeyOwner.TRIGGER;
    }

    private String needsId(TriggerEvent event) {
        return "%s needs an id: %s, and an event from %s: has no identity of its own"
                .formatted(
                        step,
                        id == null
                                ? "add parameters: { id: \"...\" }, an expression that names the event"
                                : "'%s' has no value for this event".formatted(endpoint.getId()),
                        event.source());
    }

    /** It is recorded like a call, with the signal's number; the call's address makes it the same signal. */
    private void sendForTask(TaskContext context, String whom, String body, @Nullable String given) {
        Attempt attempt = context.attempt();
        String document = Json.canonical(Json.tree(Map.of("key", whom, "body", parsed(body))));
        UUID address = context.nextAddress(step, document);
        RecordedSteps steps = endpoint.getComponent().steps;
        if (steps.known(context, step, address, document) != null) {
            return;
        }
        Instant began = steps.now();
        if (attempt.task().mode().hasNoEffect()) { // it is shown, and no one hears it
            recorded(context, address, began, document, "null");
            return;
        }
        if (!endpoint.getComponent().plans.allows(attempt, step, document, address)) {
            ChildRefusedException refused = new ChildRefusedException(
                    "%s to '%s' is not in the plan that its task executes, so it is not sent".formatted(step, whom));
            throw steps.refused(context, step, address, document, document, refused);
        }
        long id;
        try {
            id = Signals.id(endpoint.getComponent()
                    .signals
                    .send(new Send(
                            endpoint.getName(),
                            whom,
                            body,
                            given == null ? address.toString() : given,
                            given == null ? null : KeyOwner.WORKFLOW,
                            attempt.task().workflow()))
                    .join());
        } catch (RuntimeException e) {
            throw steps.refused(context, step, address, document, document, e);
        }
        recorded(context, address, began, document, Json.write(Map.of("signal", id)));
    }

    private void recorded(TaskContext context, UUID address, Instant began, String document, String result) {
        RecordedSteps steps = endpoint.getComponent().steps;
        if (!steps.done(context, step, address, began, document, result).join()) {
            throw RecordedSteps.lost(context.attempt(), step);
        }
    }

    static Object parsed(String body) {
        try {
            return Json.parse(body);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw invalid("the body of a signal is not JSON: " + Json.reason(e));
        }
    }

    static String body(Exchange exchange) {
        try {
            return Bodies.input(exchange, exchange.getMessage().getBody());
        } catch (UnreadableTextException e) {
            throw invalid("the body of a signal cannot be read: " + e.getMessage());
        } catch (CharacterCodingException e) {
            throw invalid("the body of a signal is not UTF-8 text, is too long, or is incomplete");
        }
    }

    static InvalidTaskException invalid(String message) {
        return new InvalidTaskException(Reason.MALFORMED_INPUT, message, List.of());
    }
}
