package io.drover.component;

import io.drover.route.check.WaitRules;
import io.drover.task.Signals;
import java.util.List;
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

    @UriParam(
            description =
                    "What tells this signal from others, in the Simple language, as in ${body[messageId]}: what is sent again under the"
                            + " same id is one signal. An event that has an identity of its own, and a task, need none.")
    private @Nullable String id;

    SignalEndpoint(String uri, SignalComponent component, String name) {
        super(uri, component);
        this.name = name;
    }

    @Override
    public Producer createProducer() {
        List<String> problems = WaitRules.ofSignal(name, key);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(problems.getFirst());
        }
        return name.equals(Signals.PROGRESS) ? new ProgressProducer(this) : new SignalProducer(this);
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

    public @Nullable String getId() {
        return id;
    }

    public void setId(String id) {
        this.id = id;
    }
}
