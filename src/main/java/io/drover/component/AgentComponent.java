package io.drover.component;

import io.drover.agent.Agents;
import io.drover.model.ModelProperties;
import io.drover.route.Names;
import io.drover.route.PlainText;
import io.drover.route.RouteResources;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;
import org.springframework.stereotype.Component;

/** {@code to: agent:<name>} hands a task to a model. */
@Component("agent-component")
class AgentComponent extends DefaultComponent {

    final Agents agents;
    final ModelProperties models;
    final RouteResources files;

    AgentComponent(Agents agents, ModelProperties models, RouteResources files) {
        this.agents = agents;
        this.models = models;
        this.files = files;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String name, Map<String, Object> parameters) {
        PlainText.unescape(parameters);
        return new AgentEndpoint(uri, this, Names.check("agent", name));
    }
}
