package io.drover.component;

import io.drover.guard.TaskContext;
import io.drover.intake.HttpHook;
import io.drover.intake.RecordKeyHeader;
import io.drover.intake.TriggerEvent;
import io.drover.journal.KeyOwner;
import io.drover.journal.Mode;
import io.drover.journal.Recovery;
import io.drover.json.UnreadableTextException;
import io.drover.route.RouteIds;
import io.drover.task.InvalidTaskException;
import io.drover.task.InvalidTaskException.Reason;
import io.drover.task.Submit;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Expression;
import org.jspecify.annotations.Nullable;

/** Turns a message into the request to submit a task: its document, its key, and the owner of the key. */
final class SubmitRequests {

    private final TaskEndpoint endpoint;
    private final @Nullable Expression key;

    SubmitRequests(TaskEndpoint endpoint) {
        this.endpoint = endpoint;
        this.key = endpoint.key() == null
                ? null
                : endpoint.getCamelContext().resolveLanguage("simple").createExpression(endpoint.key());
        if (key != null) {
            key.init(endpoint.getCamelContext());
        }
    }

    private record Key(@Nullable String owner, @Nullable String text) {}

    /** A task that a task submits; without a key where the author gives none. */
    Submit ofChild(Exchange exchange, @Nullable Object body) {
        refuseForPlan(exchange);
        String document = document(exchange, body);
        String given = given(exchange);
        return request(exchange, new Key(given == null ? KeyOwner.CALL : KeyOwner.WORKFLOW, given), document);
    }

    /**
     * A task that a task awaits.
     *
     * @param shared whether its key is that of a task that others may have submitted
     */
    Submit ofAwaited(Exchange exchange, @Nullable Object body, boolean shared) {
        if (shared) {
            refuseForPlan(exchange);
        }
        String document = document(exchange, body);
        String given = given(exchange);
        if (shared && given == null) {
            throw new InvalidTaskException(
                    Reason.BAD_KEY,
                    "task:%s is shared and its key '%s' has no value; a shared task is found by its key"
                            .formatted(endpoint.getWorkflow(), endpoint.key()),
                    List.of());
        }
        return request(exchange, new Key(shared ? KeyOwner.WORKFLOW : null, given), document);
    }

    /**
     * A task that an event submits.
     *
     * @param index of the element in a list, or null
     * @param taken gets the event's key, if the task has it
     */
    Submit ofEvent(Exchange exchange, @Nullable Object body, @Nullable Integer index, List<TriggerEvent.Key> taken) {
        String document = document(exchange, body);
        return request(exchange, key(exchange, index, taken), document);
    }

    private Submit request(Exchange exchange, Key itsKey, String document) {
        return new Submit(
                endpoint.getWorkflow(),
                itsKey.text(),
                document,
                endpoint.priority(),
                endpoint.delay(),
                submitter(exchange),
                itsKey.owner(),
                mayHaveRun(exchange),
                isRedone(exchange),
                mode(exchange),
                endpoint.version());
    }

    /** Only a child that is its parent's alone, and that this one awaits, has a plan within the plan of its parent. */
    private void refuseForPlan(Exchange exchange) {
        TaskContext context = TaskContext.of(exchange);
        if (context != null && endpoint.getComponent().plans.isPlanned(context.attempt())) {
            throw new ChildRefusedException(
                    "task:%s is not submitted, because the task that would do so executes a plan, which holds only children that are awaited (await: \"true\") and not shared"
                            .formatted(endpoint.getWorkflow()));
        }
    }

    /** All that a task submits has its mode; in addition, a step may say that what it submits is a dry run. */
    private @Nullable Mode mode(Exchange exchange) {
        TaskContext context = TaskContext.of(exchange);
        Mode said = endpoint.mode();
        return context == null || said == Mode.DRY_RUN
                ? said
                : context.attempt().task().mode();
    }

    /**
     * The person who sent the request, or who submitted the task that submits this one: no person approves a call of a task
     * that is there because of him, however many steps lie between. Without a person, the trigger or the workflow.
     */
    private static String submitter(Exchange exchange) {
        TaskContext context = TaskContext.of(exchange);
        TriggerEvent event = TriggerEvent.of(exchange);
        String person =
                context != null ? context.attempt().task().submittedBy() : event == null ? null : event.sender();
        return person == null ? RouteIds.logical(exchange.getFromRouteId()) : person;
    }

    private static String document(Exchange exchange, @Nullable Object body) {
        if (body == null && HttpHook.isBehind(exchange)) {
            throw new InvalidTaskException(
                    Reason.MALFORMED_INPUT,
                    "the request has no body; send JSON (null, too, is JSON), or let the hook set a body",
                    List.of());
        }
        try {
            return Bodies.input(exchange, body);
        } catch (UnreadableTextException e) {
            throw new InvalidTaskException(
                    Reason.MALFORMED_INPUT, "the input cannot be read: " + e.getMessage(), List.of());
        } catch (CharacterCodingException e) {
            throw new InvalidTaskException(
                    Reason.MALFORMED_INPUT, "the input is not UTF-8 text, is too long, or is incomplete", List.of());
        }
    }

    private @Nullable String given(Exchange exchange) {
        String given = key == null ? null : RecordKeyHeader.evaluate(key, exchange);
        return given == null || given.isEmpty() ? null : given;
    }

    /** Whether the task that submits was redone: then the calls of what it submits ask, too. */
    private static boolean isRedone(Exchange exchange) {
        TaskContext context = TaskContext.of(exchange);
        return context != null && context.attempt().task().redone();
    }

    /** Whether the event, or the task that submits, is from before the database went back in time. */
    private boolean mayHaveRun(Exchange exchange) {
        Recovery recovery = endpoint.getComponent().recovery;
        if (recovery.began() == null) {
            return false;
        }
        TaskContext context = TaskContext.of(exchange);
        if (context != null) {
            return recovery.doubts(context.attempt().task());
        }
        TriggerEvent event = TriggerEvent.of(exchange);
        boolean named = given(exchange) != null;
        if (event == null || event.isNew() && !named) {
            return false;
        }
        // What an instant looks for, and names itself, may be older than the instant.
        return recovery.mayHaveSeen(event.isInstant() && named ? null : event.at());
    }

    /**
     * The key that the author gives.
     * Else a key of the event that the trigger received, with the element's index in a list.
     * Without either, each submission is another task.
     */
    private Key key(Exchange exchange, @Nullable Integer index, List<TriggerEvent.Key> taken) {
        TriggerEvent event = TriggerEvent.of(exchange);
        String given = given(exchange);
        if (given != null) {
            return new Key(event != null && event.user() != null ? event.user() : KeyOwner.TRIGGER, given);
        }
        if (event == null) {
            return new Key(null, null);
        }
        if (event.needsKey()) {
            throw new InvalidTaskException(Reason.BAD_KEY, needsKey(event), List.of());
        }
        Integer part = index != null ? index : exchange.getProperty(ExchangePropertyKey.SPLIT_INDEX, Integer.class);
        TriggerEvent.Key own = event.next(endpoint.getWorkflow(), part);
        if (own == null) {
            return new Key(null, null);
        }
        taken.add(own);
        return new Key(own.owner(), own.text());
    }

    private String needsKey(TriggerEvent event) {
        return "task:%s needs a key: %s, and an event from %s: has no identity of its own"
                .formatted(
                        endpoint.getWorkflow(),
                        key == null
                                ? "add parameters: { key: \"...\" }, an expression that names the event"
                                : "'%s' has no value for this event".formatted(endpoint.key()),
                        event.source());
    }
}
