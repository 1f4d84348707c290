package io.drover.scaffold;

import io.drover.route.check.WrittenYaml;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The route file of a tool that sends one HTTP request. A YAML library writes all of it but the comment. */
final class ToolFile {

    private static final String COMMENT =
            """
            # Made by `drover.jar new tools` out of an OpenAPI document. It is yours now: edit it.
            # See whether the hints are true: a call with one of them may be repeated.
            # A login is a step setHeader with {{secret:<name>}}, see docs/secrets.md.
            """;

    private static final Pattern PARAMETER = Pattern.compile("\\{([^{}]*)}");

    /** What may stand in a path without a meaning to Camel. */
    private static final Pattern LITERAL = Pattern.compile("(?:[A-Za-z0-9._~:@,;=+!*()/-]|%[0-9A-Fa-f]{2})*");

    private final OpenApiOperation operation;
    private final ToolArguments arguments;

    ToolFile(OpenApiOperation operation, ToolArguments arguments) {
        this.operation = operation;
        this.arguments = arguments;
    }

    /**
     * @param api    a name of the whole document: the tag of the tools, and the beginning of the property with the address
     * @param server the address, if that property is not set
     * @param schema the file with the schema of the arguments, or null
     */
    String text(String name, String api, String server, @Nullable String schema) throws LeftOutException {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("description", operation.description());
        parameters.put("tags", api);
        if (schema != null) {
            parameters.put("argSchema", schema);
        }
        if (operation.isRead()) {
            parameters.put("readOnlyHint", true);
        } else if (operation.method().equals("put") || operation.method().equals("delete")) {
            parameters.put("idempotentHint", true);
        }
        if (operation.method().equals("delete")) {
            parameters.put("destructiveHint", true);
        }
        Map<String, Object> from = new LinkedHashMap<>();
        from.put("uri", "tool:" + name);
        from.put("parameters", parameters);
        from.put("steps", steps(api, server));
        Map<String, Object> route = new LinkedHashMap<>();
        route.put("id", name);
        route.put("description", Foreign.line("Sends %s to %s.".formatted(operation.title(), api), 200));
        route.put("from", from);
        String yaml = WrittenYaml.of(List.of(Map.of("route", route)));
        return COMMENT + yaml.stripTrailing().stripIndent() + "\n"; // the library indents the outermost list, too
    }

    private List<Object> steps(String api, String server) throws LeftOutException {
        List<Object> steps = new ArrayList<>();
        steps.add(header("CamelHttpPath", path()));
        if (!arguments.ofQuery().isEmpty()) {
            steps.add(header("CamelHttpQuery", "${query('%s')}".formatted(arguments.ofQuery())));
        }
        ToolArguments.Body body = arguments.body();
        if (!operation.isRead()) {
            String value = body == null ? "${null}" : "${variable.%s}".formatted(body.argument());
            steps.add(Map.of("setBody", expression(value)));
        }
        if (body != null && !body.type().equals("application/json")) {
            steps.add(header("Content-Type", body.type()));
        }
        if (body != null && body.isWritten()) {
            steps.add(Map.of("marshal", Map.of("json", Map.of())));
        }
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("httpMethod", operation.method().toUpperCase(Locale.ROOT));
        if (body != null && operation.method().equals("delete")) {
            request.put("deleteWithBody", true);
        }
        Map<String, Object> to = new LinkedHashMap<>();
        to.put("uri", "{{%s.url:%s}}".formatted(api, server));
        to.put("parameters", request);
        steps.add(Map.of("to", to));
        return steps;
    }

    /** The path in Simple. @throws LeftOutException if it holds what a URL or Camel reads in another way */
    private String path() throws LeftOutException {
        StringBuilder path = new StringBuilder();
        Matcher parameter = PARAMETER.matcher(operation.path());
        int from = 0;
        while (parameter.find()) {
            path.append(literal(operation.path().substring(from, parameter.start())));
            String argument = arguments.ofPath(parameter.group(1));
            if (argument == null) {
                throw new LeftOutException("its path has a parameter that it does not declare; mend the document");
            }
            path.append("${url(${variable.%s})}".formatted(argument));
            from = parameter.end();
        }
        return path.append(literal(operation.path().substring(from))).toString();
    }

    private static String literal(String text) throws LeftOutException {
        if (!LITERAL.matcher(text).matches() || (text + "/").matches(".*/\\.{1,2}/.*") || text.contains("//")) {
            throw new LeftOutException(
                    "its path is more than letters, digits and {parameters}, such as a query; write the tool by hand");
        }
        return text;
    }

    private static Map<String, Object> header(String name, String value) {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("name", name);
        header.putAll(expression(value));
        return Map.of("setHeader", header);
    }

    private static Map<String, Object> expression(String value) {
        String language = value.contains("${") ? "simple" : "constant";
        return Map.of("expression", Map.of(language, Map.of("expression", value)));
    }
}
