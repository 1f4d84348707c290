package io.drover.component;

import io.drover.guard.EffectsOutside;
import io.drover.guard.RouteMistakes;
import io.drover.guard.TaskContext;
import io.drover.guard.ToolRegistry;
import io.drover.journal.Attempt;
import io.drover.journal.ClaimedTask;
import io.drover.json.Json;
import io.drover.task.Workflow;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;

/** Registers a workflow when its route starts, and runs attempts through the route. */
class TaskConsumer extends DefaultConsumer {

    private final TaskEndpoint endpoint;

    TaskConsumer(TaskEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        TaskComponent component = endpoint.getComponent();
        component.registry.put(new Workflow(
                endpoint.spec(),
                getRouteId(),
                component.files.definition(getRouteId()),
                this::run,
                () -> EffectsOutside.first(endpoint.getCamelContext(), getRouteId())));
    }

    @Override
    protected void doStop() throws Exception {
        endpoint.getComponent().registry.remove(getRouteId());
        super.doStop();
    }

    private String run(Attempt attempt) throws Exception {
        ToolRegistry.Generation tools = endpoint.getComponent().tools.acquire();
        Exchange exchange = createExchange(false);
        try {
            exchange.setPattern(ExchangePattern.InOut);
            new TaskContext(attempt, tools).bindTo(exchange);
            ClaimedTask task = attempt.task();
            exchange.setVariable("taskId", task.id().toString());
            exchange.setVariable("attempt", task.attempt());
            if (task.key() != null) {
                exchange.setVariable("taskKey", task.key());
            }
            exchange.getMessage().setBody(Json.recorded(task.input()));
            getProcessor().process(exchange);
            if (exchange.getException() != null) {
                endpoint.getComponent().caught.failed(attempt, exchange.getException());
                Throwable mistake = RouteMistakes.find(exchange.getException());
                throw mistake == null
                        ? exchange.getException()
                        : new RouteMistakeException(exchange, getRouteId(), mistake);
            }
            return Bodies.toJson(exchange);
        } finally {
            releaseExchange(exchange, false);
            tools.release();
        }
    }
}
