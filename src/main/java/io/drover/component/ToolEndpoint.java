package io.drover.component;

import io.drover.json.Schema;
import io.drover.tool.BuiltInTool;
import io.drover.tool.ToolOptions;
import io.drover.tool.ToolSpec;
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

    @UriParam
    private final ToolOptions options;

    @UriParam(
            label = "consumer",
            prefix = "parameter.",
            multiValue = true,
            description =
                    "The type of a named argument: string, number, integer, boolean, object or array; with ? at the end the argument may be left out.")
    private Map<String, Object> parameters = Map.of();

    @UriParam(
            label = "producer",
            prefix = "arg.",
            multiValue = true,
            description =
                    "The value of a named argument, in the Simple language. Without any named argument, the body holds the arguments.")
    private Map<String, Object> arguments = Map.of();

    /** The schema of a tool that is made by code, else null. */
    private final @Nullable Schema schema;

    ToolEndpoint(String uri, ToolComponent component, String name) {
        super(uri, component);
        this.name = name;
        this.options = new ToolOptions();
        this.schema = null;
    }

    /** The endpoint of a tool that is made by code. Its values are in no URI, and Camel resolves nothing in them. */
    ToolEndpoint(ToolComponent component, BuiltInTool tool) {
        super("tool:" + tool.name(), component);
        this.name = tool.name();
        this.description = tool.description();
        this.tags = String.join(",", tool.tags());
        this.options = tool.options();
        this.schema = tool.arguments();
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
        return getComponent()
                .guard
                .resolve(
                        name,
                        description == null ? "" : description,
                        tags == null || tags.isBlank()
                                ? Set.of()
                                : new TreeSet<>(Arrays.asList(tags.strip().split("\\s*,\\s*"))),
                        schema(),
                        options);
    }

    private Schema schema() {
        if (schema != null) {
            return schema;
        }
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

    ToolOptions options() {
        return options;
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
}
