package io.drover.component;

import io.drover.guard.AttemptWork;
import io.drover.guard.TaskContext;
import io.drover.intake.HttpHook;
import io.drover.intake.KafkaIntake;
import io.drover.intake.RecordKeyHeader;
import io.drover.intake.SourceKeys;
import io.drover.intake.SourceRecord;
import io.drover.intake.TriggerEvent;
import io.drover.journal.KeyOwner;
import io.drover.journal.Recovery;
import io.drover.journal.Submission;
import io.drover.json.UnreadableTextException;
import io.drover.route.RouteIds;
import io.drover.task.InvalidTaskException;
import io.drover.task.InvalidTaskException.Reason;
import io.drover.task.Submit;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Expression;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;

/**
 * Submits a task, or one for each element of a list; the new body says which. From a Kafka trigger it does not wait for
 * the commit: {@link KafkaIntake} does, once for all records of a poll.
 */
class TaskProducer extends DefaultProducer {

    private static final long HOOK_PATIENCE_SECONDS = 5;

    private final TaskEndpoint endpoint;
    private @Nullable Expression key;

    TaskProducer(TaskEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        if (endpoint.key() != null) {
            key = endpoint.getCamelContext().resolveLanguage("simple").createExpression(endpoint.key());
            key.init(endpoint.getCamelContext());
        }
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        TaskContext context = TaskContext.of(exchange);
        if (context == null) {
            submitForEvent(exchange);
            return;
        }
        AttemptWork.begin(context, "task:" + endpoint.getWorkflow());
        Object body = exchange.getMessage().getBody();
        List<ChildTasks.Child> children = new ArrayList<>();
        try {
            AttemptWork.mustGoOn(context);
            process(exchange, (element, index) -> child(exchange, context, element, children));
        } catch (RuntimeException e) {
            exchange.getMessage().setBody(body); // as it was, for whoever catches this
            endpoint.getComponent().children.giveBack(context, children);
            throw e;
        } finally {
            context.attempt().done();
        }
    }

    private void submitForEvent(Exchange exchange) {
        List<TriggerEvent.Key> taken = new ArrayList<>();
        try {
            process(exchange, (element, index) -> submit(exchange, element, index, taken));
        } catch (RuntimeException e) {
            TriggerEvent event = TriggerEvent.of(exchange);
            if (event != null) {
                taken.forEach(event::giveBack);
            }
            throw e;
        }
    }

    /** Submits a task. */
    private interface Submitter {

        /** @param index of the element in a list, or null */
        CompletableFuture<Submission> submit(Object element, @Nullable Integer index);
    }

    private void process(Exchange exchange, Submitter submitter) {
        Object body = exchange.getMessage().getBody();
        if (body instanceof List<?> elements) {
            List<CompletableFuture<Submission>> all = new ArrayList<>();
            for (Object element : elements) {
                exchange.getMessage().setBody(element); // the key is an expression over the element
                all.add(submitter.submit(element, all.size()));
            }
            List<Object> answers = new ArrayList<>();
            for (CompletableFuture<Submission> one : all) {
                answers.add(answer(durable(exchange, one)));
            }
            exchange.getMessage().setBody(answers);
            return;
        }
        CompletableFuture<Submission> submitted = submitter.submit(body, null);
        SourceRecord record = SourceRecord.of(exchange);
        if (record != null) {
            record.await(submitted.thenApply(this::answer));
        } else {
            exchange.getMessage().setBody(answer(durable(exchange, submitted)));
        }
    }

    /** Waits as long as it takes, but not where a client waits too. */
    private static Submission durable(Exchange exchange, CompletableFuture<Submission> submitted) {
        return HttpHook.isBehind(exchange)
                ? submitted
                        .copy()
                        .orTimeout(HOOK_PATIENCE_SECONDS, TimeUnit.SECONDS)
                        .join()
                : submitted.join();
    }

    private CompletableFuture<Submission> child(
            Exchange exchange, TaskContext context, Object body, List<ChildTasks.Child> children) {
        String document = document(exchange, body);
        String given = given(exchange);
        Key childKey = new Key(given == null ? KeyOwner.CALL : KeyOwner.WORKFLOW, given);
        ChildTasks.Child child =
                endpoint.getComponent().children.submit(context, request(exchange, childKey, document));
        children.add(child);
        return child.submitted();
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

    private CompletableFuture<Submission> submit(
            Exchange exchange, Object body, @Nullable Integer index, List<TriggerEvent.Key> taken) {
        String document = document(exchange, body);
        Key itsKey = key(exchange, index, taken);
        TriggerEvent event = TriggerEvent.of(exchange);
        boolean firstCounts = event != null && !taken.isEmpty() && event.isInstant();
        return endpoint.getComponent()
                .tasks
                .submit(request(exchange, itsKey, document))
                .thenApply(submission -> firstCounts && submission instanceof Submission.Conflict conflict
                        ? new Submission.Known(conflict.id())
                        : submission);
    }

    private record Key(@Nullable String owner, @Nullable String text) {}

    private Submit request(Exchange exchange, Key itsKey, String document) {
        return new Submit(
                endpoint.getWorkflow(),
                itsKey.text(),
                document,
                endpoint.priority(),
                endpoint.delay(),
                RouteIds.logical(exchange.getFromRouteId()),
                itsKey.owner(),
                mayHaveRun(exchange));
    }

    private @Nullable String given(Exchange exchange) {
        String given = key == null ? null : RecordKeyHeader.evaluate(key, exchange);
        return given == null || given.isEmpty() ? null : given;
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
        Instant event = SourceKeys.instant(exchange);
        return event != null && recovery.mayHaveSeen(event);
    }

    /**
     * The key that the author gives; else the call's address within a task, or a key of the event that came in by a trigger,
     * each with the element's index in a list. Without either each submission is another task.
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

    private Object answer(Submission submission) {
        return switch (submission) {
            case Submission.Accepted accepted -> ChildTasks.answer(accepted.id(), false);
            case Submission.Known known -> ChildTasks.answer(known.id(), true);
            case Submission.Conflict conflict -> throw InvalidTaskException.keyConflict(conflict.id());
        };
    }
}
