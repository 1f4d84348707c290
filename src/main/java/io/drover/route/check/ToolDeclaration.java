package io.drover.route.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.json.Schema;
import io.drover.memory.MemoryTool;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The declaration of a tool in its route. */
final class ToolDeclaration {

    /** Keywords by which a schema says what undeclared properties may be. */
    private static final Set<String> OTHERS = Set.of("additionalProperties", "unevaluatedProperties");

    /** Keywords by which more than {@code properties} says what is there. */
    static final Set<String> FURTHER =
            Set.of("$ref", "$dynamicRef", "allOf", "anyOf", "oneOf", "if", "patternProperties", "dependentSchemas");

    private final @Nullable Schema arguments;
    private final Set<String> tags;
    private final boolean readOnly;

    ToolDeclaration(RouteSource route, RouteSet routes) {
        EndpointUse from = route.declaration();
        String named = from.value("tags");
        this.arguments = arguments(from, routes);
        this.tags =
                named.isBlank() ? Set.of() : new TreeSet<>(List.of(named.strip().split("\\s*,\\s*")));
        this.readOnly = from.value("readOnlyHint").equals("true");
    }

    ToolDeclaration(MemoryTool tool) {
        this.arguments = tool.arguments();
        this.tags = Set.of();
        this.readOnly = tool.isReadOnly();
    }

    /** Null when they cannot be read, which other checks report. */
    private static @Nullable Schema arguments(EndpointUse from, RouteSet routes) {
        try {
            String reference = routes.settings.resolve(from.value("argSchema"));
            if (!reference.isEmpty()) {
                return routes.schemas.schema(reference);
            }
            Map<String, String> types = new TreeMap<>();
            from.options("parameter.")
                    .forEach(parameter -> types.put(
                            parameter.name(),
                            routes.settings.resolve(parameter.value().text())));
            return Schema.ofTypes(types);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    @Nullable
    Schema arguments() {
        return arguments;
    }

    Set<String> tags() {
        return tags;
    }

    boolean isReadOnly() {
        return readOnly;
    }

    Set<String> required() {
        Set<String> required = new TreeSet<>();
        if (arguments != null) {
            arguments.schema().path("required").forEach(name -> required.add(name.asText()));
        }
        return required;
    }

    Set<String> declared() {
        Set<String> declared = new TreeSet<>();
        if (arguments != null) {
            arguments.schema().path("properties").fieldNames().forEachRemaining(declared::add);
        }
        return declared;
    }

    /** Whether it may take arguments that it does not name; a schema that does not mention others refuses them. */
    boolean isOpen() {
        if (arguments == null || !arguments.schema().isObject()) {
            return true;
        }
        JsonNode schema = arguments.schema();
        return FURTHER.stream().anyMatch(schema::has) || OTHERS.stream().anyMatch(keyword -> allows(schema, keyword));
    }

    private static boolean allows(JsonNode schema, String keyword) {
        return schema.has(keyword)
                && !(schema.path(keyword).isBoolean() && !schema.path(keyword).booleanValue());
    }

    JsonNode type(String argument) {
        return arguments == null
                ? com.fasterxml.jackson.databind.node.MissingNode.getInstance()
                : arguments.schema().path("properties").path(argument).path("type");
    }
}
