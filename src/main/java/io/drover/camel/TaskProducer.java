package io.drover.camel;

import io.drover.guard.AttemptWork;
import io.drover.guard.TaskContext;
import io.drover.journal.Submission;
import io.drover.task.InvalidTaskException;
import io.drover.task.InvalidTaskException.Reason;
import io.drover.task.Submit;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
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
        TaskContext context = TaskContext.of(exchange);
        if (context == null) {
            submit(exchange);
            return;
        }
        AttemptWork.begin(context, "task:" + endpoint.getWorkflow());
        try {
            AttemptWork.mustGoOn(context);
            submit(exchange);
        } finally {
            context.attempt().done();
        }
    }

    private void submit(Exchange exchange) throws Exception {
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
        String given = key == null ? null : key.evaluate(exchange, String.class);
        if (given != null && given.isEmpty()) {
            given = null;
        }
        TaskContext context = TaskContext.of(exchange);
        if (context != null) {
            return endpoint.getComponent().children.submit(context, request(exchange, given, document));
        }
        // where one source event could come twice, its key is one of the event
        String key = given != null ? given : SourceKeys.of(exchange, index);
        return endpoint.getComponent().tasks.submit(request(exchange, key, document));
    }

    private Submit request(Exchange exchange, @Nullable String key, String document) {
        return new Submit(
                endpoint.getWorkflow(),
                key,
                document,
                endpoint.priority(),
                endpoint.delay(),
                RouteIds.logical(exchange.getFromRouteId()));
    }

    private Object answer(Submission submission) {
        return switch (submission) {
            case Submission.Accepted accepted -> ChildTasks.answer(accepted.id(), false);
            case Submission.Known known -> ChildTasks.answer(known.id(), true);
            case Submission.Conflict conflict ->
                throw new InvalidTaskException(
                        Reason.KEY_CONFLICT,
                        "task %s has the same workflow and key but another input; a key stands for one input"
                                .formatted(conflict.id()),
                        List.of());
        };
    }
}
