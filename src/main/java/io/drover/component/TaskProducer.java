package io.drover.component;

import io.drover.guard.AttemptWork;
import io.drover.guard.TaskContext;
import io.drover.intake.KafkaIntake;
import io.drover.intake.SourceRecord;
import io.drover.intake.TriggerEvent;
import io.drover.journal.Submission;
import io.drover.task.InvalidTaskException;
import io.drover.task.Submit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;

/**
 * Submits a task, or one for each element of a list; the new body names them.
 * From a Kafka trigger it does not wait for the commit: {@link KafkaIntake} waits once for all records of a poll.
 */
class TaskProducer extends DefaultProducer {

    private final TaskEndpoint endpoint;
    private @Nullable SubmitRequests requests;

    TaskProducer(TaskEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        requests = new SubmitRequests(endpoint);
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
            exchange.getMessage().setBody(body); // as it was, for a doCatch
            endpoint.getComponent().children.giveBack(context, children);
            throw e instanceof CompletionException && e.getCause() instanceof InvalidTaskException refused
                    ? refused
                    : e;
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
                answers.add(answer(Durable.join(exchange, one)));
            }
            exchange.getMessage().setBody(answers);
            return;
        }
        CompletableFuture<Submission> submitted = submitter.submit(body, null);
        SourceRecord record = SourceRecord.of(exchange);
        if (record != null) {
            record.await(submitted.thenApply(this::answer));
        } else {
            exchange.getMessage().setBody(answer(Durable.join(exchange, submitted)));
        }
    }

    private CompletableFuture<Submission> child(
            Exchange exchange, TaskContext context, Object body, List<ChildTasks.Child> children) {
        ChildTasks.Child child =
                endpoint.getComponent().children.submit(context, requests().ofChild(exchange, body));
        children.add(child);
        return child.submitted();
    }

    private CompletableFuture<Submission> submit(
            Exchange exchange, Object body, @Nullable Integer index, List<TriggerEvent.Key> taken) {
        Submit request = requests().ofEvent(exchange, body, index, taken);
        TriggerEvent event = TriggerEvent.of(exchange);
        boolean firstCounts = event != null && !taken.isEmpty() && event.isInstant();
        return endpoint.getComponent()
                .tasks
                .submit(request)
                .thenApply(submission -> firstCounts && submission instanceof Submission.Conflict conflict
                        ? new Submission.Known(conflict.id())
                        : submission);
    }

    private SubmitRequests requests() {
        return Objects.requireNonNull(requests, "it is made before the first message");
    }

    private Object answer(Submission submission) {
        return switch (submission) {
            case Submission.Accepted accepted -> ChildTasks.answer(accepted.id(), false);
            case Submission.Known known -> ChildTasks.answer(known.id(), true);
            case Submission.Conflict conflict -> throw InvalidTaskException.keyConflict(conflict.id());
        };
    }
}
