package io.drover.route.check;

import io.drover.tool.ToolSpec;
import java.util.List;

/** The file holds one route, whose id is the file's name, and no other file holds the same route, tool or workflow. */
final class Identity implements Check {

    private static final List<String> RESERVED = List.of(ToolSpec.MEMORY, ToolSpec.MODEL);

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        List<Yaml> entries = route.root() == null ? List.of() : route.root().items();
        if (entries.size() != 1) {
            findings.add(
                    route,
                    entries.size() > 1 ? entries.get(1).line() : 1,
                    "the file must contain exactly one route, but contains %s"
                            .formatted(entries.isEmpty() ? "none" : entries.size() + " entries"));
        }
        for (Yaml entry : entries) {
            for (Yaml.Member member : entry.members()) {
                if (!member.name().equals("route")) {
                    findings.add(
                            route,
                            member.key().line(),
                            "a route file contains one 'route' and nothing else, not '%s'".formatted(member.name()));
                }
            }
        }
        if (route.route() == null) {
            return;
        }
        Yaml id = route.route().get("id");
        if (id == null || !id.text().equals(route.id())) {
            findings.add(
                    route,
                    id == null ? route.route().line() : id.line(),
                    "the route's id must be the file's name: '%s'%s"
                            .formatted(route.id(), id == null ? "" : ", not '%s'".formatted(id.text())));
        }
        if (route.isTool() && RESERVED.stream().anyMatch(route.declaration().path()::startsWith)) {
            findings.add(
                    route,
                    route.declaration().line(),
                    "%s: names that begin with %s are reserved for Drover's own tools; give the tool another name"
                            .formatted(route.declaration(), String.join(" or ", RESERVED)));
        }
        builtIn(route, findings);
        ofMcpServer(route, routes, findings);
        same(route, routes, findings);
    }

    private static void builtIn(RouteSource route, Findings findings) {
        if (route.isWorkflow() && route.declaration().path().equals(RouteSet.MCP)) {
            findings.add(
                    route,
                    route.declaration().line(),
                    "the workflow '%s' is built in and makes the calls of MCP clients; give yours another name"
                            .formatted(RouteSet.MCP));
        }
        if (route.isWorkflow() && route.declaration().path().equals(RouteSet.ON_END)) {
            findings.add(
                    route,
                    route.declaration().line(),
                    "the workflow '%s' is built in and calls what other workflows name as onEnd; give yours another name"
                            .formatted(RouteSet.ON_END));
        }
    }

    private static void ofMcpServer(RouteSource route, RouteSet routes, Findings findings) {
        if (route.isTool() && routes.settings.isOfMcpServer(route.declaration().path())) {
            String server = route.declaration()
                    .path()
                    .substring(0, route.declaration().path().indexOf('_'));
            findings.add(
                    route,
                    route.declaration().line(),
                    "names that begin with '%s_' belong to the MCP server drover.mcp.%s; give the tool another name"
                            .formatted(server, server));
        }
    }

    private static void same(RouteSource route, RouteSet routes, Findings findings) {
        for (RouteSource other : routes.routes) {
            if (other.file().compareTo(route.file()) >= 0) {
                continue;
            }
            if (other.id().equals(route.id())) {
                findings.add(
                        route,
                        1,
                        "the route id '%s' is taken by %s; give the file another name"
                                .formatted(route.id(), other.file()));
            } else if ((route.isTool() || route.isWorkflow())
                    && other.declares().equals(route.declares())) {
                findings.add(
                        route,
                        route.declaration().line(),
                        "%s is defined by %s already".formatted(route.declares(), other.file()));
            }
        }
    }
}
