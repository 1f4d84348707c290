package io.drover.model;

import io.drover.egress.Egress;
import io.drover.guard.BoundedHttp;
import io.drover.json.Schema;
import io.drover.secret.Secrets;
import io.drover.start.Listeners;
import io.drover.tool.BuiltInTool;
import io.drover.tool.BuiltInTools;
import io.drover.tool.ToolSpec;
import io.drover.trace.Traces;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;

/** Makes a tool of each configured model. */
@Component
@EnableConfigurationProperties(ModelProperties.class)
class ModelTools implements BuiltInTools {

    private static final Schema ARGUMENTS = Schema.ofTypes(Map.of(
            "agent", "string",
            "conversation", "string",
            "iteration", "integer",
            "input", "string?",
            "run", "integer?",
            "branch", "string?",
            "definition", "string?",
            "pinned", "string?",
            "memory", "string?",
            "heard", "array?"));

    private final ModelProperties properties;
    private final Budgets budgets;
    private final Listeners<ModelListener> listeners;
    private final Traces traces;
    private final @Nullable StandInModels standIn;
    private final CloseableHttpClient http;

    ModelTools(
            ModelProperties properties,
            Budgets budgets,
            List<ModelListener> listeners,
            Traces traces,
            Egress egress,
            Secrets secrets,
            ObjectProvider<StandInModels> standIn) {
        this.properties = properties;
        this.budgets = budgets;
        this.listeners = new Listeners<>(listeners);
        this.traces = traces;
        this.standIn = standIn.getIfAvailable();
        this.http = BoundedHttp.client(egress.ofConfigured(), secrets).build();
    }

    @Override
    public List<BuiltInTool> tools() {
        return properties.models().entrySet().stream()
                .map(model -> tool(model.getKey(), model.getValue()))
                .toList();
    }

    private BuiltInTool tool(String name, ModelSettings settings) {
        return new BuiltInTool(
                ToolSpec.MODEL + name,
                "The model " + settings.model(),
                Set.of(),
                ARGUMENTS,
                settings.options(),
                new ModelStep(
                        name, settings, ChatClients.build(name, settings, http), standIn, budgets, listeners, traces));
    }

    @PreDestroy
    void close() throws IOException {
        http.close();
    }
}
