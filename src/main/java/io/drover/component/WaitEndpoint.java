package io.drover.component;

import io.drover.route.check.WaitRules;
import java.time.Duration;
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

/** Suspends a task until a signal comes, or for a time; it holds no thread and survives restarts. */
@Metadata(
        description = "Suspends a task until a signal comes, or for a time; it holds no thread, and survives restarts.")
@UriEndpoint(
        firstVersion = "0.2.0",
        scheme = "wait",
        title = "Wait",
        syntax = "wait:type",
        producerOnly = true,
        category = {org.apache.camel.Category.WORKFLOW})
public class WaitEndpoint extends DefaultEndpoint {

    @UriPath(enums = "signal,until", description = "What the task waits for.")
    private final WaitType type;

    @UriParam(label = "signal", description = "The signal's name.")
    private @Nullable String name;

    @UriParam(
            label = "signal",
            description = "Whom the signal concerns, in the Simple language, as in ${body[ticketId]}.")
    private @Nullable String key;

    @UriParam(
            label = "signal",
            description =
                    "The longest wait, as in 3d, in the Simple language; then the outcome is timeout. Without it the task waits for ever.")
    private @Nullable String timeout;

    @UriParam(
            label = "signal",
            defaultValue = "0",
            description =
                    "How long before the task was created a signal is heard, too. Those after its creation always are; of a child, that of the first task of its family counts.")
    private Duration lookBack = Duration.ZERO;

    @UriParam(
            label = "signal",
            description =
                    "The body of the signal that a dry run hears, as JSON. Without it a dry run hears that the time is over.")
    private @Nullable String dryRunResult;

    @UriParam(label = "until", description = "How long the task waits, as in 2h, in the Simple language.")
    private @Nullable String duration;

    @UriParam(
            label = "until",
            description =
                    "The instant until which it waits, as in 2026-12-24T18:00:00Z, in the Simple language: the same one in each attempt.")
    private @Nullable String until;

    WaitEndpoint(String uri, WaitComponent component, WaitType type) {
        super(uri, component);
        this.type = type;
    }

    @Override
    public Producer createProducer() {
        List<String> problems =
                WaitRules.problems(type.name(), new WaitRules.Wait(name, key, timeout, duration, until));
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(problems.getFirst());
        }
        return type == WaitType.until ? new WaitUntilProducer(this) : new WaitSignalProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException(
                "wait:%s is a step; it cannot start a route. A workflow starts with from: task:<name>".formatted(type));
    }

    @Override
    public WaitComponent getComponent() {
        return (WaitComponent) super.getComponent();
    }

    public WaitType getType() {
        return type;
    }

    public @Nullable String getName() {
        return name;
    }

    public void setName(String name) {
        this.name = name;
    }

    public @Nullable String getKey() {
        return key;
    }

    public void setKey(String key) {
        this.key = key;
    }

    public @Nullable String getTimeout() {
        return timeout;
    }

    public void setTimeout(String timeout) {
        this.timeout = timeout;
    }

    public Duration getLookBack() {
        return lookBack;
    }

    public void setLookBack(Duration lookBack) {
        this.lookBack = lookBack;
    }

    public @Nullable String getDryRunResult() {
        return dryRunResult;
    }

    public void setDryRunResult(String dryRunResult) {
        this.dryRunResult = dryRunResult;
    }

    public @Nullable String getDuration() {
        return duration;
    }

    public void setDuration(String duration) {
        this.duration = duration;
    }

    public @Nullable String getUntil() {
        return until;
    }

    public void setUntil(String until) {
        this.until = until;
    }
}
