package io.drover.route;

import io.drover.guard.ToolRegistry;
import io.drover.json.Digest;
import io.drover.tool.UriText;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/**
 * Tools that come and go without a file. Each has a route and a guard like any other, and is swapped like a file's:
 * attempts in flight end on the version they began with.
 */
@Component
public class ToolRoutes {

    private final CamelContext context;
    private final RouteSwitch routes;
    private final ToolRegistry tools;

    ToolRoutes(CamelContext context, RouteSwitch routes, ToolRegistry tools) {
        this.context = context;
        this.routes = routes;
        this.tools = tools;
    }

    /**
     * Adds a tool, or puts its new version in place.
     *
     * @param origin  stands before the name in the route's id; with a slash, which no file's name has
     * @param options of {@code from: tool:}, as plain text from anywhere
     * @param step    what a call does
     * @throws IllegalArgumentException when it cannot be built; what ran before runs on
     */
    public void put(String origin, String name, Map<String, String> options, Processor step) {
        String id = origin + name;
        if (tools.current().get(name) != null
                && !RouteIds.logical(tools.current().get(name).routeId()).equals(id)) {
            throw new IllegalArgumentException("tool:%s is there already".formatted(name));
        }
        String uri = options.entrySet().stream()
                .map(option -> option.getKey() + "=" + UriText.escape(option.getValue()))
                .collect(Collectors.joining("&", "tool:" + Names.check("tool", name) + "?", ""));
        RouteBuilder builder = new RouteBuilder(context) {
            @Override
            public void configure() {
                from(uri).process(step);
            }
        };
        try {
            routes.put(
                    id,
                    Digest.bits(uri),
                    builder.configureRoutes(context).getRoutes().get(0));
        } catch (Exception e) {
            throw new IllegalArgumentException(RouteErrors.message(e), e);
        }
    }

    /** Takes a tool away; calls under way end. */
    public void remove(String origin, String name) {
        routes.remove(origin + name);
    }
}
