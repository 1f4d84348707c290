package io.drover.component;

import io.drover.task.Signals;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * Sends a signal to the tasks that wait for it with wait:signal, now or later.
 * {@code signal:progress} publishes the progress of its own task.
 */
@Metadata(description = "Sends a signal to the tasks that wait for it with wait:signal, now or later.")
@UriEndpoint(
        firstVersion = "0.2.0",
        scheme = "signal",
        title = "Signal",
        syntax = "signal:name",
        producerOnly = true,
        category = {org.apache.camel.Category.WORKFLOW})
public class SignalEndpoint extends DefaultEndpoint {

    @UriPath(description = "The signal's name.")
    private final String name;

    @UriParam(description = "Whom the signal concerns, in the Simple language, as in ${body[ticketId]}.")
    private @Nullable String key;

    SignalEndpoint(String uri, SignalComponent component, String name) {
        super(uri, component);
        this.name = name;
    }

    @Override
    public Producer createProducer() {
        if (name.equals(Signals.PROGRESS)) {
            if (key != null) {
                throw new IllegalArgumentException(
                        "signal:progress: it publishes the progress of its own task, so it takes no parameter 'key'");
            }
            return new ProgressProducer(this);
        }
        if (key == null || key.isBlank()) {
            throw new IllegalArgumentException(
                    "signal:%s: it needs the parameter 'key', which says whom it concerns".formatted(name));
        }
        return new SignalProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException(
                "signal:%s is a step; it cannot start a route. A workflow waits with to: wait:signal".formatted(name));
    }

    @Override
    public SignalComponent getComponent() {
        return (SignalComponent) super.getComponent();
    }

    public String getName() {
        return name;
    }

    public @Nullable String getKey() {
        return key;
    }

    public void setKey(String key) {
        this.key = key;
    }
}
