package io.drover.trace;

import io.drover.secret.KnownSecrets;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import org.jspecify.annotations.Nullable;

/** Work in progress, as a span. */
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

    /** False when the span is not recorded, so nothing needs to be added to it. */
    public boolean isSeen() {
        return span.isRecording();
    }

    /** Adds an attribute to it; null adds nothing. */
    public <T> Traced says(AttributeKey<T> name, @Nullable T value) {
        if (value != null) {
            span.setAttribute(name, value);
        }
        return this;
    }

    /** Adds an attribute whose text may be secret. */
    public Traced says(AttributeKey<String> name, Content content, String words) {
        return says(name, content.of(words));
    }

    /** Renames it when a better name is known. */
    public void isNamed(String name) {
        span.updateName(name);
    }

    /** Marks it as failed. */
    public void failed(String type, @Nullable String message) {
        String words = message == null ? "" : KnownSecrets.hidden(message);
        span.setAttribute(GenAi.ERROR_TYPE, type);
        span.setStatus(StatusCode.ERROR, words.substring(0, Math.min(words.length(), LONGEST_MESSAGE)));
    }

    /** Ends it. */
    @Override
    public void close() {
        span.end();
    }
}
