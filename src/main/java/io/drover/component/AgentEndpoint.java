package io.drover.component;

import io.drover.agent.AgentSpec;
import io.drover.agent.OnEdit;
import io.drover.trace.Content;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.Consumer;
import org.apache.camel.Expression;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/** A model chooses among guarded tools until it has an answer. */
@Metadata(description = "Gives a task to a language model, which chooses among guarded tools until it has an answer.")
@UriEndpoint(
        firstVersion = "0.2.0",
        scheme = "agent",
        title = "Agent",
        syntax = "agent:name",
        producerOnly = true,
        category = {org.apache.camel.Category.AI})
public class AgentEndpoint extends DefaultEndpoint {

    @UriPath(description = "Name of the agent, for logs and the journal.")
    private final String name;

    @UriParam(
            defaultValue = "default",
            description =
                    "The model, one of drover.models; also computed in the Simple language, as in ${flag:new-model:default}.")
    private String model = "default";

    @UriParam(
            description =
                    "What the model is told to be and do: a file below routes/, as in prompts/triage.md, or the text.")
    private @Nullable String system;

    @UriParam(description = "Comma-separated tags: tools with one of them are offered.")
    private @Nullable String tools;

    @UriParam(defaultValue = "10", description = "How many times the model is asked.")
    private int maxIterations = 10;

    @UriParam(defaultValue = "50", description = "How many tool calls it may make in all.")
    private int maxToolCalls = 50;

    @UriParam(description = "What it may cost, in dollars; the worst case of each call is reserved first.")
    private @Nullable BigDecimal maxCostUsd;

    @UriParam(description = "How many tokens it may use, prompts and answers together.")
    private @Nullable Long maxTokens;

    @UriParam(description = "How freely the model chooses its words, from 0.")
    private @Nullable Double temperature;

    @UriParam(
            description =
                    "The key of its long memory, in the Simple language, as in ${body[email]}. Without a key, or if it is empty, the agent has no memory.")
    private @Nullable String memory;

    @UriParam(description = "A JSON Schema for the answer: a file below routes/, or the schema itself.")
    private @Nullable String outputSchema;

    @UriParam(
            defaultValue = "none",
            enums = "none,redacted,full",
            description = "How much of the conversation with the model and tools goes into traces.")
    private String traceContent = "none";

    @UriParam(
            defaultValue = "continue",
            enums = "continue,restart",
            description =
                    "What an edit does to an agent that has begun: it goes on with the prompt, tools, schemas and model that it began with (continue), or with the new ones from its next question on (restart).")
    private String onEdit = "continue";

    AgentEndpoint(String uri, AgentComponent component, String name) {
        super(uri, component);
        this.name = name;
    }

    @Override
    public Producer createProducer() {
        return new AgentProducer(this, spec());
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("an agent is a step; use it in to: agent:" + name);
    }

    @Override
    public AgentComponent getComponent() {
        return (AgentComponent) super.getComponent();
    }

    @Override
    public boolean isSingletonProducer() {
        return true;
    }

    /** Null where the model is computed for each task. */
    @Nullable
    Expression computedModel() {
        if (!model.contains("${")) {
            return null;
        }
        Expression computed = getCamelContext().resolveLanguage("simple").createExpression(model);
        computed.init(getCamelContext());
        return computed;
    }

    /** @return the same model */
    String known(String chosen) {
        Set<String> models = getComponent().models.names();
        if (!models.contains(chosen)) {
            throw new IllegalArgumentException("agent:%s: there is no model '%s'; %s"
                    .formatted(
                            name,
                            chosen,
                            models.isEmpty()
                                    ? "set drover.models.%s.url and drover.models.%s.model".formatted(chosen, chosen)
                                    : "there are " + models));
        }
        return chosen;
    }

    private AgentSpec spec() {
        if (!model.contains("${")) {
            known(model);
        }
        return new AgentSpec(
                name,
                model,
                system == null ? null : getComponent().files.text(system),
                tools == null
                        ? Set.of()
                        : new TreeSet<>(Arrays.asList(tools.strip().split("\\s*,\\s*"))),
                maxIterations,
                maxToolCalls,
                maxCostUsd,
                maxTokens,
                temperature,
                outputSchema == null ? null : getComponent().files.schema(outputSchema),
                content(),
                onEdit());
    }

    private Content content() {
        try {
            return Content.valueOf(traceContent.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "agent:%s: traceContent (%s) must be none, redacted or full".formatted(name, traceContent), e);
        }
    }

    private OnEdit onEdit() {
        try {
            return OnEdit.valueOf(onEdit.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "agent:%s: onEdit (%s) must be continue or restart".formatted(name, onEdit), e);
        }
    }

    public String getName() {
        return name;
    }

    public void setModel(String model) {
        this.model = model;
    }

    public void setSystem(String system) {
        this.system = system;
    }

    public void setTools(String tools) {
        this.tools = tools;
    }

    public void setMaxIterations(int maxIterations) {
        this.maxIterations = maxIterations;
    }

    public void setMaxToolCalls(int maxToolCalls) {
        this.maxToolCalls = maxToolCalls;
    }

    public void setMaxCostUsd(BigDecimal maxCostUsd) {
        this.maxCostUsd = maxCostUsd;
    }

    public void setMaxTokens(Long maxTokens) {
        this.maxTokens = maxTokens;
    }

    public void setTemperature(Double temperature) {
        this.temperature = temperature;
    }

    public void setTraceContent(String traceContent) {
        this.traceContent = traceContent;
    }

    public void setOnEdit(String onEdit) {
        this.onEdit = onEdit;
    }

    public @Nullable String getMemory() {
        return memory;
    }

    public void setMemory(String memory) {
        this.memory = memory;
    }

    public void setOutputSchema(String outputSchema) {
        this.outputSchema = outputSchema;
    }
}
