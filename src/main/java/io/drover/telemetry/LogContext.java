package io.drover.telemetry;

import io.drover.journal.ClaimedTask;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import org.slf4j.MDC;

/** The members that every log line of an attempt has. */
final class LogContext {

    static final String TASK_ID = "task_id";
    static final String WORKFLOW = "workflow";
    static final String MODE = "mode";

    /** Who submitted the task; of a request, who sent it. */
    static final String USER_ID = "user_id";

    static final String RETRY_COUNT = "retry_count";
    static final String TRACE_ID = "trace_id";
    static final String SPAN_ID = "span_id";

    private LogContext() {}

    /** On the thread of the attempt. */
    static void set(ClaimedTask task) {
        MDC.put(TASK_ID, task.id().toString());
        MDC.put(WORKFLOW, task.workflow());
        if (task.submittedBy() != null) {
            MDC.put(USER_ID, task.submittedBy());
        }
        if (task.attempt() > 1) {
            MDC.put(RETRY_COUNT, Integer.toString(task.attempt() - 1));
        }
        if (task.mode().hasNoEffect()) {
            MDC.put(MODE, task.mode().word());
        }
        SpanContext span = Span.current().getSpanContext();
        if (span.isValid()) {
            MDC.put(TRACE_ID, span.getTraceId());
            MDC.put(SPAN_ID, span.getSpanId());
        }
    }

    /**
     * Called on the thread of the attempt.
     * On another thread, such as the one that ends attempts in time, it clears nothing.
     */
    static void clear(ClaimedTask task) {
        if (task.id().toString().equals(MDC.get(TASK_ID))) {
            MDC.remove(TASK_ID);
            MDC.remove(WORKFLOW);
            MDC.remove(MODE);
            MDC.remove(USER_ID);
            MDC.remove(RETRY_COUNT);
            MDC.remove(TRACE_ID);
            MDC.remove(SPAN_ID);
        }
    }
}
