package io.drover.trace;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.springframework.stereotype.Component;

/** Begins spans. Who begins one closes it. */
@Component
public class Traces {

    private final Tracer tracer;

    Traces(OpenTelemetry telemetry) {
        this.tracer = telemetry.getTracer("io.drover");
    }

    /** An attempt of a task. */
    public Traced workflow(String workflow, UUID task, int attempt) {
        return begin(Context.root(), GenAi.INVOKE_WORKFLOW, workflow, SpanKind.INTERNAL)
                .says(GenAi.WORKFLOW, workflow)
                .says(GenAi.TASK_ID, task.toString())
                .says(GenAi.ATTEMPT, (long) attempt);
    }

    /** An agent, from its first question to its answer. */
    public Traced agent(Context parent, String agent) {
        return begin(parent, GenAi.INVOKE_AGENT, agent, SpanKind.INTERNAL).says(GenAi.AGENT, agent);
    }

    /** One question to a model, and its answer. */
    public Traced chat(Context parent, String model) {
        return begin(parent, GenAi.CHAT, model, SpanKind.CLIENT).says(GenAi.REQUEST_MODEL, model);
    }

    /** One call of a tool, over all its tries. */
    public Traced tool(Context parent, String tool) {
        return begin(parent, GenAi.EXECUTE_TOOL, tool, SpanKind.INTERNAL).says(GenAi.TOOL, tool);
    }

    /** Tells another system which span it works for (W3C Trace Context). */
    public static void tell(Context context, BiConsumer<String, String> header) {
        W3CTraceContextPropagator.getInstance()
                .inject(context, header, (headers, name, value) -> headers.accept(name, value));
    }

    private Traced begin(Context parent, String operation, String name, SpanKind kind) {
        Span span = tracer.spanBuilder(operation + " " + name)
                .setParent(parent)
                .setSpanKind(kind)
                .setAttribute(GenAi.OPERATION, operation)
                .startSpan();
        return new Traced(span, parent);
    }
}
