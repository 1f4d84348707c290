package io.drover.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import org.jspecify.annotations.Nullable;

/** Something that is under way, as a span. */
public final class Traced implements AutoCloseable {

    private static final int LONGEST_MESSAGE = 2000;

    private final Span span;
    private final Context context;

    Traced(Span span, Context parent) {
        this.span = span;
        this.context = parent.with(span);
    }

    /** The parent of what happens within. */
    public Context context() {
        return context;
    }

    /** False when nobody will see it, so nothing needs to be said of it. */
    public boolean isSeen() {
        return span.isRecording();
    }

    /** Says something of it; null says nothing. */
    public <T> Traced says(AttributeKey<T> name, @Nullable T value) {
        if (value != null) {
            span.setAttribute(name, value);
        }
        return this;
    }

    /** Says something of it by words that may be secret. */
    public Traced says(AttributeKey<String> name, Content content, String words) {
        return says(name, content.of(words));
    }

    /** A better name, once it is known. */
    public void isNamed(String name) {
        span.updateName(name);
    }

    /** It did not succeed. */
    public void failed(String type, @Nullable String message) {
        span.setAttribute(GenAi.ERROR_TYPE, type);
        span.setStatus(
                StatusCode.ERROR,
                message == null ? "" : message.substring(0, Math.min(message.length(), LONGEST_MESSAGE)));
    }

    /** Ends it. */
    @Override
    public void close() {
        span.end();
    }
}
