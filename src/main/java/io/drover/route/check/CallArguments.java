package io.drover.route.check;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.json.Schema;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A call gives a tool the arguments that the tool declares. */
final class CallArguments implements Check {

    /** Keywords that are about the arguments as a whole. */
    private static final List<String> WHOLE =
            List.of("required", "minProperties", "maxProperties", "dependentRequired", "propertyNames");

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        for (EndpointUse use : route.uses()) {
            ToolDeclaration tool = use.is("tool") ? routes.tool(use.path()) : null;
            if (tool != null && tool.arguments() != null && !use.options("arg.").isEmpty()) {
                check(route, use, tool, routes, findings);
            }
        }
    }

    private static void check(
            RouteSource route, EndpointUse use, ToolDeclaration tool, RouteSet routes, Findings findings) {
        Set<String> missing = new TreeSet<>(tool.required());
        Schema arguments = tool.arguments();
        for (EndpointUse.Option argument : use.options("arg.")) {
            missing.remove(argument.name());
            if (!tool.declared().contains(argument.name()) && !tool.isOpen()) {
                findings.add(
                        route,
                        argument.line(),
                        "%s does not declare the argument '%s'%s"
                                .formatted(use, argument.name(), Nearest.hint(argument.name(), tool.declared())));
            } else if (arguments != null) {
                constant(route, use, argument, arguments, routes, findings);
            }
        }
        for (String name : missing) {
            findings.add(route, use.line(), "%s requires the argument '%s': add arg.%s".formatted(use, name, name));
        }
    }

    /** A value that is not an expression can be checked against its type immediately. */
    private static void constant(
            RouteSource route,
            EndpointUse use,
            EndpointUse.Option argument,
            Schema arguments,
            RouteSet routes,
            Findings findings) {
        String text = routes.settings.resolve(argument.value().text());
        if (text.contains("${") || text.contains("{{")) {
            return;
        }
        String type = arguments
                .schema()
                .path("properties")
                .path(argument.name())
                .path("type")
                .asText();
        boolean right =
                switch (type) {
                    case "integer" -> text.matches("-?\\d+");
                    case "number" -> text.matches("-?\\d+(\\.\\d+)?([eE][+-]?\\d+)?");
                    case "boolean" -> text.matches("true|false");
                    default -> true;
                };
        if (!right) {
            findings.add(
                    route,
                    argument.line(),
                    "%s: the argument '%s' must be of type %s, not '%s'".formatted(use, argument.name(), type, text));
        } else {
            problems(arguments, argument.name(), text)
                    .forEach(problem -> findings.add(
                            route,
                            argument.line(),
                            "%s: the argument '%s' cannot be '%s': %s"
                                    .formatted(use, argument.name(), text, problem.replaceFirst("^\\$\\S*: ", ""))));
        }
    }

    /** What the schema says of one constant, whatever the other arguments are. */
    private static List<String> problems(Schema arguments, String name, String text) {
        if (!arguments.schema().path("properties").has(name)
                || ToolDeclaration.FURTHER.stream().anyMatch(arguments.schema()::has)) {
            return List.of();
        }
        ObjectNode alone = arguments.schema().deepCopy();
        alone.remove(WHOLE);
        return Schema.ofSchema(alone.toString())
                .problems(JsonNodeFactory.instance.objectNode().set(name, arguments.constant(name, text)));
    }
}
