package io.drover.route.check;

import io.drover.memory.MemoryTool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What an agent names is there: its model, its prompt file, and tools that have its tags. */
final class AgentOptions implements Check {

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        for (EndpointUse use : route.uses()) {
            if (use.is("agent")) {
                model(route, use, routes, findings);
                prompt(route, use.option("system"), routes, findings);
                tags(route, use.option("tools"), routes, findings);
                memory(route, use, routes, findings);
            }
        }
    }

    /** Where no model is configured, routes are checked without the settings that they will run with. */
    private static void model(RouteSource route, EndpointUse use, RouteSet routes, Findings findings) {
        EndpointUse.Option option = use.option("model");
        String name = option == null
                ? "default"
                : routes.settings.resolve(option.value().text());
        Set<String> models = routes.settings.models;
        if (!models.isEmpty() && !models.contains(name) && !name.contains("{{") && !name.contains("${")) {
            findings.add(
                    route,
                    option == null ? use.line() : option.line(),
                    "model: there is no model '%s'%s; there are %s"
                            .formatted(name, Nearest.hint(name, models), models));
        }
    }

    private static void prompt(
            RouteSource route, EndpointUse.@Nullable Option option, RouteSet routes, Findings findings) {
        if (option == null) {
            return;
        }
        String reference = routes.settings.resolve(option.value().text());
        if (reference.matches("[\\w./-]+\\.(md|txt)")) {
            Path file = routes.directory.resolve(reference).normalize();
            if (!file.startsWith(routes.directory.normalize()) || !Files.isRegularFile(file)) {
                findings.add(
                        route,
                        option.line(),
                        "system: there is no file '%s' below the routes directory".formatted(reference));
            }
        }
    }

    /** The functions of memory and the tools that the agent is offered have different names. */
    private static void memory(RouteSource route, EndpointUse use, RouteSet routes, Findings findings) {
        EndpointUse.Option tools = use.option("tools");
        if (use.option("memory") == null || tools == null) {
            return;
        }
        List<String> tags = List.of(tools.value().text().strip().split("\\s*,\\s*"));
        for (MemoryTool memory : List.of(MemoryTool.RECALL, MemoryTool.REMEMBER)) {
            ToolDeclaration tool = routes.tool(memory.functionName());
            if (tool != null && !Collections.disjoint(tool.tags(), tags)) {
                findings.add(
                        route,
                        tools.line(),
                        "tools: an agent that has memory is offered '%s' as a function of it; give tool:%s another name"
                                .formatted(memory.functionName(), memory.functionName()));
            }
        }
    }

    private static void tags(
            RouteSource route, EndpointUse.@Nullable Option option, RouteSet routes, Findings findings) {
        if (option == null || option.value().text().contains("{{")) {
            return;
        }
        Set<String> known = new TreeSet<>(routes.settings.mcpTags());
        routes.tools().forEach(name -> {
            ToolDeclaration tool = routes.tool(name);
            if (tool != null) {
                known.addAll(tool.tags());
            }
        });
        for (String tag : option.value().text().strip().split("\\s*,\\s*")) {
            if (!known.contains(tag)) {
                findings.add(
                        route,
                        option.line(),
                        "tools: no tool has the tag '%s'%s".formatted(tag, Nearest.hint(tag, known)));
            }
        }
    }
}
