package io.drover.route;

import io.drover.tool.BuiltInTool;
import io.drover.tool.BuiltInTools;
import java.util.List;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/** Makes a route for each tool of {@link BuiltInTools}, so that it has a guard and is listed like every tool. */
@Component
class BuiltInRoutes extends RouteBuilder {

    private final List<BuiltInTools> sources;
    private final BuiltInEndpoints endpoints;

    BuiltInRoutes(List<BuiltInTools> sources, BuiltInEndpoints endpoints) {
        this.sources = sources;
        this.endpoints = endpoints;
    }

    @Override
    public void configure() {
        for (BuiltInTools source : sources) {
            for (BuiltInTool tool : source.tools()) {
                from(endpoints.endpoint(tool)).routeId(tool.name()).process(tool.step());
            }
        }
    }
}
