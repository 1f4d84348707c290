package io.drover.trace;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Begins spans. The caller that begins a span closes it. */
@Component
public class Traces {

    private static final String TRACEPARENT = "traceparent";

    private final Tracer tracer;
    private final boolean on;

    Traces(OpenTelemetry telemetry) {
        this.tracer = telemetry.getTracer("io.drover");
        this.on = telemetry != OpenTelemetry.noop();
    }

    /**
     * An attempt of a task.
     *
     * @param dueAt     since when it could have begun
     * @param submitter the span that submitted the task (W3C traceparent), or null
     */
    public record Attempt(
            String workflow, UUID task, long token, int number, Instant dueAt, @Nullable String submitter) {}

    /** False when no exporter is configured; then spans record nothing. */
    public boolean isOn() {
        return on;
    }

    /** A request over HTTP; its headers may name the span that makes it. */
    public Traced request(UnaryOperator<@Nullable String> header, String method) {
        return begin(received(header), method, SpanKind.SERVER);
    }

    /** Notes that a task is submitted, and returns the span of that (W3C traceparent), or null when nothing is traced. */
    public @Nullable String submit(String workflow, UUID task) {
        if (!on) {
            return null;
        }
        try (Traced span = begin(Context.current(), GenAi.SUBMIT + " " + workflow, SpanKind.PRODUCER)) {
            span.says(GenAi.WORKFLOW, workflow).says(GenAi.TASK_ID, task.toString());
            String[] traceparent = new String[1];
            tell(span.context(), (name, value) -> {
                if (name.equals(TRACEPARENT)) {
                    traceparent[0] = value;
                }
            });
            return traceparent[0];
        }
    }

    /** An attempt of a task, and its time in the queue. */
    public Traced attempt(Attempt attempt) {
        if (!on) {
            return begin(Context.root(), GenAi.INVOKE_WORKFLOW, SpanKind.CONSUMER);
        }
        String submitter = attempt.submitter();
        Context parent =
                submitter == null ? Context.root() : received(name -> name.equals(TRACEPARENT) ? submitter : null);
        SpanBuilder queued = builder(parent, GenAi.QUEUE + " " + attempt.workflow(), SpanKind.INTERNAL);
        queued.setStartTimestamp(attempt.dueAt()).startSpan().end();

        SpanBuilder span = builder(parent, GenAi.INVOKE_WORKFLOW + " " + attempt.workflow(), SpanKind.CONSUMER);
        SpanContext submitted = Span.fromContext(parent).getSpanContext();
        if (attempt.token() > 1 && submitted.isValid()) {
            span.addLink(SpanContext.createFromRemoteParent(
                    submitted.getTraceId(),
                    SpanIds.ofAttempt(attempt.task(), 1),
                    submitted.getTraceFlags(),
                    submitted.getTraceState()));
        }
        SpanIds.next(SpanIds.ofAttempt(attempt.task(), attempt.token()));
        return new Traced(span.startSpan(), parent)
                .says(GenAi.OPERATION, GenAi.INVOKE_WORKFLOW)
                .says(GenAi.WORKFLOW, attempt.workflow())
                .says(GenAi.TASK_ID, attempt.task().toString())
                .says(GenAi.ATTEMPT, (long) attempt.number());
    }

    /** An agent, from its first question to its answer. */
    public Traced agent(Context parent, String agent) {
        return genAi(parent, GenAi.INVOKE_AGENT, agent, SpanKind.INTERNAL).says(GenAi.AGENT, agent);
    }

    /** One question to a model, and its answer. */
    public Traced chat(Context parent, String model) {
        return genAi(parent, GenAi.CHAT, model, SpanKind.CLIENT).says(GenAi.REQUEST_MODEL, model);
    }

    /** One call of a tool, over all its tries. */
    public Traced tool(Context parent, String tool) {
        return genAi(parent, GenAi.EXECUTE_TOOL, tool, SpanKind.INTERNAL).says(GenAi.TOOL, tool);
    }

    /** Tells another system which span it works for (W3C Trace Context). */
    public static void tell(Context context, BiConsumer<String, String> header) {
        W3CTraceContextPropagator.getInstance()
                .inject(context, header, (headers, name, value) -> headers.accept(name, value));
    }

    private static Context received(UnaryOperator<@Nullable String> header) {
        return W3CTraceContextPropagator.getInstance().extract(Context.root(), header, Headers.INSTANCE);
    }

    private Traced genAi(Context parent, String operation, String name, SpanKind kind) {
        return begin(parent, operation + " " + name, kind).says(GenAi.OPERATION, operation);
    }

    private Traced begin(Context parent, String name, SpanKind kind) {
        return new Traced(builder(parent, name, kind).startSpan(), parent);
    }

    private SpanBuilder builder(Context parent, String name, SpanKind kind) {
        return tracer.spanBuilder(name).setParent(parent).setSpanKind(kind);
    }

    /** Reads headers by name. */
    private enum Headers implements TextMapGetter<UnaryOperator<@Nullable String>> {
        INSTANCE;

        @Override
        public Iterable<String> keys(UnaryOperator<@Nullable String> headers) {
            return List.of(TRACEPARENT, "tracestate");
        }

        @Override
        public @Nullable String get(@Nullable UnaryOperator<@Nullable String> headers, String name) {
            return headers == null ? null : headers.apply(name);
        }
    }
}
