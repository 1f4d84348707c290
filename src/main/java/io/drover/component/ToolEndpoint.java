package io.drover.component;

import io.drover.guard.ToolOptions;
import io.drover.json.Schema;
import io.drover.tool.ToolSpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.camel.Consumer;
import org.apache.camel.MultipleConsumersSupport;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/** Defines a guarded tool, or calls one. */
@Metadata(description = "Defines a guarded tool, or calls one.")
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "tool",
        title = "Tool",
        syntax = "tool:name",
        category = {org.apache.camel.Category.AI})
public class ToolEndpoint extends DefaultEndpoint implements MultipleConsumersSupport {

    @UriPath(description = "Name of the tool.")
    private final String name;

    @UriParam(label = "consumer", description = "What the tool does, for people and models.")
    private @Nullable String description;

    @UriParam(label = "consumer", description = "Comma-separated tags; an agent is offered tools by tag.")
    private @Nullable String tags;

    @UriParam(
            label = "consumer",
            description =
                    "A JSON Schema for the arguments: a file below routes/, or the schema itself. Instead of parameter.*")
    private @Nullable String argSchema;

    @UriParam(label = "consumer", description = "It changes nothing, so it may be called again at will.")
    private @Nullable Boolean readOnlyHint;

    @UriParam(label = "consumer", description = "It may destroy or spend something.")
    private @Nullable Boolean destructiveHint;

    @UriParam(label = "consumer", description = "Called again with the same Idempotency-Key it has its effect once.")
    private @Nullable Boolean idempotentHint;

    @UriParam(label = "consumer", description = "It reaches into the open world.")
    private @Nullable Boolean openWorldHint;

    @UriParam(
            label = "consumer",
            description =
                    "When a person has to approve a call. Nobody can yet, so a tool that says anything but never refuses its calls.")
    private @Nullable String approval;

    @UriParam(label = "consumer", description = "Calls for the whole fleet, as in 20/1s.")
    private @Nullable String throttle;

    @UriParam(label = "consumer", description = "Calls at once in one process; 0 for no limit.")
    private @Nullable Integer concurrency;

    @UriParam(label = "consumer", description = "For one try.")
    private @Nullable Duration timeout;

    @UriParam(label = "consumer", description = "Tries after the first.")
    private @Nullable Integer retries;

    @UriParam(label = "consumer", description = "Before the first retry; doubles with each.")
    private @Nullable Duration backoff;

    @UriParam(label = "consumer", description = "The tool to call when the breaker is open or the retries are spent.")
    private @Nullable String fallback;

    @UriParam(label = "consumer", description = "The read-only tool that says whether a call in doubt happened.")
    private @Nullable String reconcile;

    @UriParam(label = "consumer", description = "The longest result that is accepted, in bytes.")
    private @Nullable Integer maxResultBytes;

    @UriParam(
            label = "consumer",
            description = "How long a result answers equal calls of all tasks; only for a tool with readOnlyHint.")
    private @Nullable Duration cache;

    @UriParam(
            label = "consumer",
            prefix = "parameter.",
            multiValue = true,
            description =
                    "The type of a named argument: string, number, integer, boolean, object or array; with ? at its end it may be left out.")
    private Map<String, Object> parameters = Map.of();

    @UriParam(
            label = "producer",
            prefix = "arg.",
            multiValue = true,
            description =
                    "The value of a named argument, in the Simple language. Without any, the body is the arguments.")
    private Map<String, Object> arguments = Map.of();

    ToolEndpoint(String uri, ToolComponent component, String name) {
        super(uri, component);
        this.name = name;
    }

    @Override
    public Producer createProducer() {
        return new ToolProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        if (!arguments.isEmpty()) {
            throw new IllegalArgumentException(
                    "from: tool:%s defines a tool; arg.* belongs to to: tool:%s".formatted(name, name));
        }
        ToolConsumer consumer = new ToolConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public ToolComponent getComponent() {
        return (ToolComponent) super.getComponent();
    }

    /** Two versions of a route stand side by side until the last attempt of the older one has ended. */
    @Override
    public boolean isMultipleConsumersSupported() {
        return true;
    }

    @Override
    public boolean isSingletonProducer() {
        return true;
    }

    /** What holds for the tool in this environment. */
    ToolSpec spec() {
        return getComponent().guard.resolve(options());
    }

    private ToolOptions options() {
        return new ToolOptions(
                name,
                description == null ? "" : description,
                tags == null
                        ? Set.of()
                        : new TreeSet<>(Arrays.asList(tags.strip().split("\\s*,\\s*"))),
                readOnlyHint,
                destructiveHint,
                idempotentHint,
                openWorldHint,
                schema(),
                approval,
                throttle,
                concurrency,
                timeout,
                retries,
                backoff,
                fallback,
                reconcile,
                maxResultBytes,
                cache);
    }

    private Schema schema() {
        if (argSchema != null && !parameters.isEmpty()) {
            throw new IllegalArgumentException(
                    "tool:%s declares its arguments twice: use argSchema or parameter.*, not both".formatted(name));
        }
        if (argSchema != null) {
            return getComponent().files.schema(argSchema).ofTool();
        }
        Map<String, String> types = new TreeMap<>();
        parameters.forEach((parameter, type) -> types.put(parameter, type.toString()));
        return Schema.ofTypes(types);
    }

    public String getName() {
        return name;
    }

    Map<String, Object> arguments() {
        return arguments;
    }

    void setParameters(Map<String, Object> parameters) {
        this.parameters = parameters;
    }

    void setArguments(Map<String, Object> arguments) {
        this.arguments = arguments;
    }

    public void setDescription(String description) {
        this.description = description;
    }

    public void setTags(String tags) {
        this.tags = tags;
    }

    public void setArgSchema(String argSchema) {
        this.argSchema = argSchema;
    }

    public void setReadOnlyHint(Boolean readOnlyHint) {
        this.readOnlyHint = readOnlyHint;
    }

    public void setDestructiveHint(Boolean destructiveHint) {
        this.destructiveHint = destructiveHint;
    }

    public void setIdempotentHint(Boolean idempotentHint) {
        this.idempotentHint = idempotentHint;
    }

    public void setOpenWorldHint(Boolean openWorldHint) {
        this.openWorldHint = openWorldHint;
    }

    public void setApproval(String approval) {
        this.approval = approval;
    }

    public void setThrottle(String throttle) {
        this.throttle = throttle;
    }

    public void setConcurrency(Integer concurrency) {
        this.concurrency = concurrency;
    }

    public void setTimeout(Duration timeout) {
        this.timeout = timeout;
    }

    public void setRetries(Integer retries) {
        this.retries = retries;
    }

    public void setBackoff(Duration backoff) {
        this.backoff = backoff;
    }

    public void setFallback(String fallback) {
        this.fallback = fallback;
    }

    public void setReconcile(String reconcile) {
        this.reconcile = reconcile;
    }

    public void setMaxResultBytes(Integer maxResultBytes) {
        this.maxResultBytes = maxResultBytes;
    }

    public void setCache(Duration cache) {
        this.cache = cache;
    }
}
