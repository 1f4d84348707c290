package io.drover.model;

import io.drover.guard.BoundedHttp;
import io.drover.start.Listeners;
import io.drover.tool.ToolSpec;
import io.drover.tool.UriText;
import io.drover.trace.Traces;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.util.List;
import org.apache.camel.builder.RouteBuilder;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;

/** A route for each model, so that it has a guard like any tool, and shows where tools show. */
@Component
@EnableConfigurationProperties(ModelProperties.class)
class ModelRoutes extends RouteBuilder {

    /** What is recorded of an answer beside its bytes; one that was paid for is not refused for that. */
    private static final int ABOUT_AN_ANSWER = 10_000;

    private final ModelProperties properties;
    private final Budgets budgets;
    private final Listeners<ModelListener> listeners;
    private final Traces traces;
    private final CloseableHttpClient http = BoundedHttp.client().build();

    ModelRoutes(ModelProperties properties, Budgets budgets, List<ModelListener> listeners, Traces traces) {
        this.properties = properties;
        this.budgets = budgets;
        this.listeners = new Listeners<>(listeners);
        this.traces = traces;
    }

    @Override
    public void configure() {
        properties.models().forEach((name, settings) -> from(uri(name, settings))
                .routeId(ToolSpec.MODEL + name)
                .process(new ModelStep(
                        name,
                        settings,
                        ChatModels.build(name, settings, new ModelHttpClient.Builder(http, settings.maxAnswerBytes())),
                        budgets,
                        listeners,
                        traces)));
    }

    private static String uri(String name, ModelSettings settings) {
        String uri = ("tool:%s%s?description=%s&parameter.agent=string&parameter.conversation=string"
                        + "&parameter.iteration=integer&parameter.input=RAW(string?)&parameter.run=RAW(integer?)"
                        + "&parameter.branch=RAW(string?)&parameter.definition=RAW(string?)"
                        + "&parameter.memory=RAW(string?)&parameter.heard=RAW(array?)&readOnlyHint=true&throttle=%s&concurrency=%d&timeout=%dms&retries=%d"
                        + "&backoff=500ms&maxResultBytes=%d")
                .formatted(
                        ToolSpec.MODEL,
                        name,
                        UriText.escape("The model " + settings.model()),
                        settings.throttle(),
                        settings.concurrency(),
                        settings.timeout().toMillis(),
                        settings.retries(),
                        settings.maxAnswerBytes() + ABOUT_AN_ANSWER);
        return settings.fallback() == null ? uri : uri + "&fallback=" + ToolSpec.MODEL + settings.fallback();
    }

    @PreDestroy
    void close() throws IOException {
        http.close();
    }
}
