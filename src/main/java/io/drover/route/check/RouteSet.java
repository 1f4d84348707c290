package io.drover.route.check;

import io.drover.memory.MemoryTool;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All route files of a directory, and what they need to be understood. */
final class RouteSet {

    /** The tools that no file defines. */
    static final SortedMap<String, ToolDeclaration> BUILT_IN = builtIn();

    /** The workflow of the calls of MCP clients, which no file holds. */
    static final String MCP = "mcp";

    /** The workflow of callbacks, which no file holds. */
    static final String ON_END = "on-end";

    final Path directory;
    final SchemaFiles schemas;
    final Settings settings;
    final List<RouteSource> routes;
    private final Set<String> others;
    private final Map<String, RouteSource> tools = new TreeMap<>();
    private final Map<String, RouteSource> workflows = new TreeMap<>();

    RouteSet(Path directory, Settings settings, List<RouteSource> routes) {
        this(directory, settings, routes, Set.of());
    }

    /** @param others tools that are there without a file */
    RouteSet(Path directory, Settings settings, List<RouteSource> routes, Set<String> others) {
        this.others = others;
        this.directory = directory;
        this.schemas = new SchemaFiles(directory);
        this.settings = settings;
        this.routes = routes;
        for (RouteSource route : routes) {
            if (route.isTool()) {
                tools.putIfAbsent(route.declaration().path(), route);
            } else if (route.isWorkflow()) {
                workflows.putIfAbsent(route.declaration().path(), route);
            }
        }
    }

    private static SortedMap<String, ToolDeclaration> builtIn() {
        SortedMap<String, ToolDeclaration> tools = new TreeMap<>();
        for (MemoryTool tool : MemoryTool.values()) {
            tools.put(tool.toolName(), new ToolDeclaration(tool));
        }
        return Collections.unmodifiableSortedMap(tools);
    }

    Set<String> tools() {
        return tools.keySet();
    }

    /** Whether there is such a tool, in a file or built in. */
    boolean hasTool(String name) {
        return tools.containsKey(name) || BUILT_IN.containsKey(name) || others.contains(name);
    }

    Set<String> workflows() {
        return workflows.keySet();
    }

    /** The file of a workflow, or null. */
    @Nullable
    RouteSource workflow(String name) {
        return workflows.get(name);
    }

    /** The versions of a workflow that files define; what is no number is left to the check of the option. */
    SortedSet<Integer> versions(String name) {
        SortedSet<Integer> versions = new TreeSet<>();
        for (RouteSource route : routes) {
            EndpointUse from = route.from();
            if (from != null && route.isWorkflow() && from.path().equals(name)) {
                String version = settings.resolve(from.value("version")).strip();
                if (version.matches("\\d{0,9}")) {
                    versions.add(version.isEmpty() ? 1 : Integer.parseInt(version));
                }
            }
        }
        return versions;
    }

    /** The file of a tool, or null. */
    @Nullable
    RouteSource toolFile(String name) {
        return tools.get(name);
    }

    /** The names that routes take messages from under a scheme, such as {@code direct}. */
    Set<String> consumers(String scheme) {
        return routes.stream()
                .flatMap(route -> Stream.ofNullable(route.from()))
                .filter(from -> from.is(scheme))
                .map(EndpointUse::path)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The paths of the hooks, as a request names them. */
    Set<String> hookPaths() {
        return Stream.concat(
                        consumers("platform-http").stream(),
                        consumers("rest").stream().map(path -> path.substring(path.indexOf(':') + 1)))
                .map(path -> path.startsWith("/") ? path : "/" + path)
                .collect(Collectors.toSet());
    }

    /** The declaration of a tool, or null if there is no such tool. */
    @Nullable
    ToolDeclaration tool(String name) {
        RouteSource route = tools.get(name);
        return route == null ? BUILT_IN.get(name) : new ToolDeclaration(route, this);
    }
}
