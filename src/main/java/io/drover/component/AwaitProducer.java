package io.drover.component;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.guard.AttemptWork;
import io.drover.guard.TaskContext;
import io.drover.journal.AttemptEnd;
import io.drover.journal.CallRecord;
import io.drover.journal.CallState;
import io.drover.journal.WaitReason;
import io.drover.json.Json;
import io.drover.json.Recorded;
import io.drover.task.Submit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;

/** Submits a child task, or one for each element of a list, and suspends its task until all of them have ended. */
class AwaitProducer extends DefaultProducer {

    private final TaskEndpoint endpoint;
    private final AwaitedChildren children;
    private @Nullable SubmitRequests requests;

    AwaitProducer(TaskEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
        this.children = endpoint.getComponent().awaited;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        requests = new SubmitRequests(endpoint);
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        TaskContext context = TaskContext.of(exchange);
        String name = "task:" + endpoint.getWorkflow();
        if (context == null) {
            throw new IllegalStateException(
                    "to: %s has await, which works only in a task; a trigger submits a task without await"
                            .formatted(name));
        }
        if (!context.isOfWorkflow()) {
            throw new IllegalStateException(
                    "to: %s with await stands in a tool's route; a tool cannot wait, so let the workflow await the task, and give its output to the tool or the agent"
                            .formatted(name));
        }
        AttemptWork.begin(context, name);
        try {
            AttemptWork.mustGoOn(context);
            Object body = exchange.getMessage().getBody();
            List<AwaitedChildren.Child> all = submit(exchange, context, body);
            if (all.stream().anyMatch(AwaitedChildren.Child::isOpen)) {
                throw context.pend(new AttemptEnd.Waiting(WaitReason.CHILD, null, error(name, all.size())));
            }
            List<@Nullable Object> outputs = new ArrayList<>(all.size());
            for (AwaitedChildren.Child child : all) {
                outputs.add(output(name, Objects.requireNonNull(child.known(), "it has ended")));
            }
            exchange.getMessage().setBody(body instanceof List<?> ? outputs : outputs.getFirst());
        } finally {
            context.attempt().done();
        }
    }

    private List<AwaitedChildren.Child> submit(Exchange exchange, TaskContext context, @Nullable Object body) {
        List<AwaitedChildren.Child> all = new ArrayList<>();
        try {
            if (body instanceof List<?> elements) {
                for (Object element : elements) {
                    exchange.getMessage().setBody(element); // the key is an expression over the element
                    all.add(submitOne(exchange, context, element));
                }
            } else {
                all.add(submitOne(exchange, context, body));
            }
            return all;
        } catch (RuntimeException e) {
            children.giveBack(context, all);
            throw e;
        } finally {
            exchange.getMessage().setBody(body); // as it was, for a doCatch
        }
    }

    private AwaitedChildren.Child submitOne(Exchange exchange, TaskContext context, @Nullable Object body) {
        Submit request = Objects.requireNonNull(requests, "it is made before the first message")
                .ofAwaited(exchange, body, endpoint.isShared());
        return children.await(context, request, endpoint.isShared(), endpoint.isOrphan());
    }

    private static String error(String name, int number) {
        String what = number == 1 ? name : "%d tasks of %s".formatted(number, name);
        return Json.write(Map.of("tool", name, "message", "waits for " + what));
    }

    private static @Nullable Object output(String name, CallRecord ended) throws ChildFailedException {
        Supplier<String> what =
                () -> "call %d of task %s: the recorded end of %s".formatted(ended.n(), ended.taskId(), name);
        if (ended.state() == CallState.SUCCEEDED) {
            return Recorded.value(String.valueOf(ended.result()), what);
        }
        JsonNode error = Recorded.tree(String.valueOf(ended.error()), what);
        throw new ChildFailedException(
                name,
                error.path("type").asText("ChildDead"),
                error.path("message").asText());
    }
}
