package io.drover.route;

import io.drover.guard.GuardedTool;
import io.drover.guard.ToolRegistry;
import io.drover.json.Digest;
import io.drover.tool.BuiltInTool;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/**
 * Adds and removes tools that no file holds.
 * Each has a route and a guard like any other tool, and is swapped like a file's: running attempts end on the version
 * they began with.
 */
@Component
public class ToolRoutes {

    private final CamelContext context;
    private final RouteSwitch routes;
    private final ToolRegistry tools;
    private final BuiltInEndpoints endpoints;

    ToolRoutes(CamelContext context, RouteSwitch routes, ToolRegistry tools, BuiltInEndpoints endpoints) {
        this.endpoints = endpoints;
        this.context = context;
        this.routes = routes;
        this.tools = tools;
    }

    /**
     * Adds a tool, or puts its new version in place.
     *
     * @param origin stands before the name in the route's id; with a slash, which no file's name has
     * @throws IllegalArgumentException when it cannot be built; what ran before runs on
     */
    public void put(String origin, BuiltInTool tool) {
        String name = Names.check("tool", tool.name());
        String id = origin + name;
        GuardedTool known = tools.current().get(name);
        if (known != null && !RouteIds.logical(known.routeId()).equals(id)) {
            throw new IllegalArgumentException("tool:%s already exists".formatted(name));
        }
        RouteBuilder builder = new RouteBuilder(context) {
            @Override
            public void configure() {
                from(endpoints.endpoint(tool)).process(tool.step());
            }
        };
        try {
            routes.put(
                    id,
                    digest(tool),
                    builder.configureRoutes(context).getRoutes().get(0));
        } catch (Exception e) {
            throw new IllegalArgumentException(RouteErrors.message(e), e);
        }
    }

    private static long digest(BuiltInTool tool) {
        return Digest.bits(
                tool.name(),
                tool.description(),
                String.join(",", new TreeSet<>(tool.tags())),
                tool.arguments().schema().toString(),
                tool.options().toString());
    }

    /** Removes a tool; its running calls may end. */
    public void remove(String origin, String name) {
        routes.remove(origin + name);
    }
}
