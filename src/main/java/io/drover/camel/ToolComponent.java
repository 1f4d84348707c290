package io.drover.camel;

import io.drover.guard.Guard;
import io.drover.guard.ToolCalls;
import io.drover.guard.ToolRegistry;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.util.PropertiesHelper;
import org.springframework.stereotype.Component;

/** {@code from: tool:<name>} defines a tool, {@code to: tool:<name>} calls it. */
@Component("tool-component")
class ToolComponent extends DefaultComponent {

    final Guard guard;
    final ToolCalls calls;
    final ToolRegistry registry;
    final DefinitionFiles files;

    ToolComponent(Guard guard, ToolCalls calls, ToolRegistry registry, DefinitionFiles files) {
        this.guard = guard;
        this.calls = calls;
        this.registry = registry;
        this.files = files;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String name, Map<String, Object> parameters) {
        PlainText.unescape(parameters);
        ToolEndpoint endpoint = new ToolEndpoint(uri, this, Names.check("tool", name));
        endpoint.setParameters(PropertiesHelper.extractProperties(parameters, "parameter."));
        endpoint.setArguments(PropertiesHelper.extractProperties(parameters, "arg."));
        return endpoint;
    }
}
