package io.drover.camel;

import io.drover.guard.TaskContext;
import io.drover.journal.Recovery;
import io.drover.journal.Submission;
import io.drover.task.InvalidTaskException;
import io.drover.task.InvalidTaskException.Reason;
import io.drover.task.Submit;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;

/**
 * Submits a task, or one for each element of a list; the new body says which. From a Kafka trigger it does not wait for
 * the commit: {@link Intake} does, once for all records of a poll.
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
        Object body = exchange.getMessage().getBody();
        if (body instanceof List<?> elements) {
            List<CompletableFuture<Submission>> all = new ArrayList<>();
            for (Object element : elements) {
                exchange.getMessage().setBody(element); // the key is an expression over the element
                all.add(submit(exchange, element, all.size()));
            }
            List<Object> answers = new ArrayList<>();
            for (CompletableFuture<Submission> one : all) {
                answers.add(answer(durable(exchange, one)));
            }
            exchange.getMessage().setBody(answers);
            return;
        }
        CompletableFuture<Submission> submitted = submit(exchange, body, null);
        Intake intake = Intake.of(exchange);
        if (intake != null) {
            intake.await(exchange, submitted.thenApply(this::answer));
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

    private CompletableFuture<Submission> submit(Exchange exchange, Object body, @Nullable Integer index) {
        String document;
        try {
            document = Bodies.input(exchange, body);
        } catch (CharacterCodingException e) {
            throw new InvalidTaskException(Reason.MALFORMED_INPUT, "the input is not UTF-8 text", List.of());
        }
        return endpoint.getComponent()
                .tasks
                .submit(new Submit(
                        endpoint.getWorkflow(),
                        key(exchange, document, index),
                        document,
                        endpoint.priority(),
                        endpoint.delay(),
                        RouteIds.logical(exchange.getFromRouteId()),
                        mayHaveRun(exchange)));
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
     * The key that the author gives; else, where one source event could come twice, a key of the event: a Kafka record's
     * position, a schedule's instant, each with the element's index in a list, or the call's address within a task.
     */
    private @Nullable String key(Exchange exchange, String document, @Nullable Integer index) {
        if (key != null) {
            String given = key.evaluate(exchange, String.class);
            if (given != null && !given.isEmpty()) {
                return given;
            }
        }
        TaskContext context = TaskContext.of(exchange);
        if (context != null) {
            return context.scope()
                    .nextAddress("task:" + endpoint.getWorkflow(), document)
                    .toString();
        }
        return SourceKeys.of(exchange, index);
    }

    private Object answer(Submission submission) {
        return switch (submission) {
            case Submission.Accepted accepted -> Map.of("id", accepted.id().toString(), "known", false);
            case Submission.Known known -> Map.of("id", known.id().toString(), "known", true);
            case Submission.Conflict conflict ->
                throw new InvalidTaskException(
                        Reason.KEY_CONFLICT,
                        "task %s has the same workflow and key but another input; a key stands for one input"
                                .formatted(conflict.id()),
                        List.of());
        };
    }
}
