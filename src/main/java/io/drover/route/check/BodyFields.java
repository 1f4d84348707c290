package io.drover.route.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A field that is read of the body is one that the body's schema declares: the input schema of a workflow, or the arguments
 * of a tool, until the first step that may change the body. One that never is there would be an empty text.
 */
final class BodyFields implements Check {

    /** Members of a step that hold further steps, or clauses that do. */
    private static final Set<String> INNER =
            Set.of("steps", "when", "otherwise", "doCatch", "doFinally", "onFallback", "onFallbackViaNetwork");

    private static final Set<String> ALTERNATIVES = Set.of("when", "otherwise");

    /** Steps that leave the body what it is. */
    private static final Set<String> KEEP = Set.of(
            "log",
            "setVariable",
            "setVariables",
            "setHeader",
            "setHeaders",
            "setProperty",
            "removeHeader",
            "removeHeaders",
            "removeProperty",
            "removeProperties",
            "removeVariable",
            "validate",
            "delay",
            "throttle",
            "stop",
            "throwException",
            "rollback",
            "convertHeaderTo",
            "convertVariableTo",
            "choice",
            "when",
            "otherwise",
            "doTry",
            "doCatch",
            "doFinally",
            "filter",
            "step",
            "pipeline",
            "circuitBreaker",
            "script");

    /** Steps that leave it where they put what they receive into a variable. */
    private static final Set<String> RECEIVE =
            Set.of("to", "toD", "enrich", "pollEnrich", "poll", "marshal", "unmarshal");

    private static final Pattern BODY = Pattern.compile("(?:^|[(,])\\s*body((?:\\??\\[[^\\[\\]]*])++)");

    /** As in {@code ${body.city}}, which Camel takes for a method of the object. */
    private static final Pattern METHOD = Pattern.compile("(?:^|[(,])\\s*body\\??\\.([A-Za-z_]\\w*+)(?!\\()");

    /** Methods that an object of JSON does have here. */
    private static final Set<String> METHODS = Set.of("size", "empty", "class", "keySet", "values", "entrySet");

    private final SchemaFields fields;
    private final boolean certain;

    /** @param certain as {@link SchemaFields} means it */
    BodyFields(boolean certain) {
        this.fields = new SchemaFields(certain);
        this.certain = certain;
    }

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        JsonNode schema = schema(route, routes);
        Element from = route.elements().stream()
                .filter(element -> element.name().equals("from"))
                .findFirst()
                .orElse(null);
        if (schema != null && from != null) {
            steps(route, from, schema, findings);
        }
    }

    private static @Nullable JsonNode schema(RouteSource route, RouteSet routes) {
        try {
            if (route.isTool()) {
                ToolDeclaration tool = new ToolDeclaration(route, routes);
                return tool.isOpen() || tool.arguments() == null
                        ? null
                        : closed(tool.arguments().schema());
            }
            String reference = route.isWorkflow()
                    ? routes.settings.resolve(route.declaration().value("inputSchema"))
                    : "";
            return reference.isEmpty() ? null : routes.schemas.schema(reference).schema();
        } catch (IllegalArgumentException e) {
            return null; // another check says what is wrong with it
        }
    }

    /** Arguments that are not declared are refused, also where the schema says nothing of them. */
    private static JsonNode closed(JsonNode arguments) {
        return ((ObjectNode) arguments.deepCopy()).put("additionalProperties", false);
    }

    /** Looks at the steps in their order; false once the body may have changed. */
    private boolean steps(RouteSource route, Element holder, JsonNode schema, Findings findings) {
        boolean kept = true;
        for (Element member : holder.members()) {
            if (member.name().equals("steps") || member.isStep()) {
                if (kept) {
                    kept = member.isStep()
                            ? step(route, member, schema, findings)
                            : steps(route, member, schema, findings);
                }
            } else if (INNER.contains(member.name())) {
                // Of these clauses one runs, so it begins with the body of the step, whatever another one does.
                boolean alone = ALTERNATIVES.contains(member.name());
                kept = (kept || alone) && step(route, member, schema, findings) && kept;
            } else {
                expressions(route, member, schema, findings);
            }
        }
        return kept;
    }

    private boolean step(RouteSource route, Element step, JsonNode schema, Findings findings) {
        boolean inside = KEEP.contains(step.name()) || INNER.contains(step.name());
        if (inside) {
            return steps(route, step, schema, findings);
        }
        for (Element member : step.members()) {
            if (!INNER.contains(member.name()) && !member.isStep()) {
                expressions(route, member, schema, findings);
            }
        }
        texts(route, step, schema, findings);
        return RECEIVE.contains(step.name()) && !step.text("variableReceive").isEmpty();
    }

    private void expressions(RouteSource route, Element member, JsonNode schema, Findings findings) {
        member.walk(element -> {
            Yaml text = element.isLanguage() && element.name().equals("simple") ? element.expression() : null;
            if (text != null) {
                text(route, text, schema, findings);
            }
        });
        if (member.name().equals("message") || member.name().equals("uri")) {
            text(route, member.value(), schema, findings);
        }
        if (member.name().equals("parameters")) {
            member.value().scalars(text -> text(route, text, schema, findings));
        }
    }

    private void texts(RouteSource route, Element step, JsonNode schema, Findings findings) {
        if (step.value().isScalar()) {
            text(route, step.value(), schema, findings);
        }
    }

    private void text(RouteSource route, Yaml text, JsonNode schema, Findings findings) {
        for (SimpleFunctions.Function function : SimpleFunctions.of(text.text())) {
            Matcher read = BODY.matcher(function.text());
            while (read.find()) {
                fields.check(route, text.line(function.offset()), "body", read.group(1), schema, findings);
            }
            Matcher method = METHOD.matcher(function.text());
            while (certain && method.find()) {
                method(route, text.line(function.offset()), method.group(1), schema, findings);
            }
        }
    }

    private static void method(RouteSource route, int line, String name, JsonNode schema, Findings findings) {
        if (schema.path("properties").has(name) && !METHODS.contains(name)) {
            findings.add(
                    route,
                    line,
                    "body.%s calls a method of Java, which the body does not have; write ${body[%s]}"
                            .formatted(name, name));
        }
    }
}
