package io.drover.route.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Looks whether a schema declares the fields that are read of what it describes. */
final class SchemaFields {

    private static final Pattern KEY = Pattern.compile("\\[\\s*['\"]?([^\\[\\]'\"]*?)['\"]?\\s*]");

    private final boolean certain;

    /**
     * @param certain whether only fields count that cannot be there; else those that an open schema does not name, but
     *                something close to it
     */
    SchemaFields(boolean certain) {
        this.certain = certain;
    }

    /**
     * @param what such as {@code body}
     * @param keys such as {@code [address][city]}
     */
    void check(RouteSource route, int line, String what, String keys, JsonNode schema, Findings findings) {
        JsonNode level = schema;
        Matcher key = KEY.matcher(keys);
        while (key.find()
                && level.path("properties").isObject()
                && ToolDeclaration.FURTHER.stream().noneMatch(level::has)) {
            String name = key.group(1);
            if (name.isEmpty() || name.contains("$") || name.contains("{")) {
                return;
            }
            JsonNode field = level.path("properties").path(name);
            if (field.isMissingNode()) {
                missing(route, line, what, name, level, findings);
                return;
            }
            level = field;
        }
    }

    private void missing(RouteSource route, int line, String what, String name, JsonNode level, Findings findings) {
        Set<String> declared = new TreeSet<>();
        level.path("properties").fieldNames().forEachRemaining(declared::add);
        boolean closed = Stream.of("additionalProperties", "unevaluatedProperties")
                .anyMatch(keyword ->
                        level.path(keyword).isBoolean() && !level.path(keyword).booleanValue());
        String near = Nearest.hint(name, declared);
        if (certain && closed) {
            String others = near.isEmpty() && !declared.isEmpty() ? "; there are " + String.join(", ", declared) : near;
            findings.add(route, line, "the %s has no field '%s'%s".formatted(what, name, others));
        } else if (!certain && !closed && Nearest.isTypo(name, declared)) {
            findings.add(route, line, "the schema of the %s declares no field '%s'%s".formatted(what, name, near));
        }
    }
}
