package io.drover.component;

import io.drover.guard.Guard;
import io.drover.guard.ToolCalls;
import io.drover.guard.ToolRegistry;
import io.drover.route.BuiltInEndpoints;
import io.drover.route.Names;
import io.drover.route.PlainText;
import io.drover.route.RouteResources;
import io.drover.tool.BuiltInTool;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.PropertyBindingSupport;
import org.apache.camel.util.PropertiesHelper;
import org.springframework.stereotype.Component;

/** {@code from: tool:<name>} defines a tool, {@code to: tool:<name>} calls it. */
@Component("tool-component")
class ToolComponent extends DefaultComponent implements BuiltInEndpoints {

    private static final Map<String, BiConsumer<ToolEndpoint, String>> PLAIN = Map.of(
            "description", ToolEndpoint::setDescription,
            "tags", ToolEndpoint::setTags,
            "argSchema", ToolEndpoint::setArgSchema);

    final Guard guard;
    final ToolCalls calls;
    final ToolRegistry registry;
    final RouteResources files;

    ToolComponent(Guard guard, ToolCalls calls, ToolRegistry registry, RouteResources files) {
        this.guard = guard;
        this.calls = calls;
        this.registry = registry;
        this.files = files;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String name, Map<String, Object> parameters) {
        PlainText.unescape(parameters);
        ToolEndpoint endpoint = new ToolEndpoint(uri, this, Names.check("tool", name));
        // Words from outside are set here: Camel would look up what stands in {{...}}, or a bean behind '#'.
        PLAIN.forEach((option, set) -> {
            if (parameters.remove(option) instanceof String text) {
                set.accept(endpoint, text);
            }
        });
        endpoint.setParameters(PropertiesHelper.extractProperties(parameters, "parameter."));
        endpoint.setArguments(PropertiesHelper.extractProperties(parameters, "arg."));
        PropertyBindingSupport.build().bind(getCamelContext(), endpoint.options(), parameters);
        return endpoint;
    }

    @Override
    public Endpoint endpoint(BuiltInTool tool) {
        return new ToolEndpoint(this, tool);
    }
}
