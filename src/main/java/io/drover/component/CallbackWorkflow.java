package io.drover.component;

import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/**
 * The built-in workflow {@code on-end}: one callback, as a workflow's option {@code onEnd} wants it.
 * The database submits its tasks, in the statement that ends the task that they tell of.
 * The attempts take about 50 minutes together.
 */
@Component
class CallbackWorkflow extends RouteBuilder {

    private final CallbackStep step;

    CallbackWorkflow(CallbackStep step) {
        this.step = step;
    }

    @Override
    public void configure() {
        from("task:on-end?maxAttempts=13&backoff=1s&concurrency=100")
                .routeId("component/callbacks")
                .process(step);
    }
}
