package io.drover.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Fields of a document that are not kept. A field is named by the way to it, with dots; an array on the way stands for
 * each of its elements.
 *
 * @param fields in alphabetical order
 */
public record Redaction(List<String> fields) {

    /** What stands in the place of a value. */
    public static final String MARK = "(redacted)";

    /** Nothing is redacted. */
    public static final Redaction NONE = new Redaction(List.of());

    private static final Pattern SEPARATOR = Pattern.compile("\\s*,\\s*");
    private static final Pattern FIELD = Pattern.compile("[^.,\\s{}$\"]{1,100}(?:\\.[^.,\\s{}$\"]{1,100}){0,15}");
    private static final int MOST = 50;

    public Redaction {
        fields = List.copyOf(new TreeSet<>(fields));
    }

    /** @param said as {@code card.number, customer.email}; null or blank for nothing, which must be right */
    public static Redaction of(@Nullable String said) {
        return said == null || said.isBlank() ? NONE : new Redaction(split(said));
    }

    /** @return null if the text names fields, else the problem */
    public static @Nullable String problem(String setting, String said) {
        List<String> fields = split(said);
        for (String field : fields) {
            if (!FIELD.matcher(field).matches()) {
                return "%s (%s): '%s' is not a field; write the way to it with dots, and commas between fields, as in card.number, customer.email"
                        .formatted(setting, Excerpt.of(said), Excerpt.of(field));
            }
        }
        return fields.size() > MOST ? "%s names %d fields; at most %d".formatted(setting, fields.size(), MOST) : null;
    }

    private static List<String> split(String said) {
        return List.of(SEPARATOR.split(said.strip(), -1));
    }

    public boolean isNone() {
        return fields.isEmpty();
    }

    /** These fields and others. */
    public Redaction and(Redaction others) {
        return others.isNone()
                ? this
                : isNone()
                        ? others
                        : new Redaction(Stream.of(fields, others.fields)
                                .flatMap(List::stream)
                                .toList());
    }

    /** The same fields of a document that stands in a field of this name. */
    public Redaction within(String name) {
        return new Redaction(fields.stream().map(field -> name + "." + field).toList());
    }

    /** As an option says it. */
    public String text() {
        return String.join(",", fields);
    }

    /** The same document with the mark in the place of each of the fields that it has. */
    public JsonNode in(JsonNode document) {
        if (isNone()) {
            return document;
        }
        JsonNode copy = document.deepCopy();
        fields.forEach(field -> hide(copy, field));
        return copy;
    }

    /** The same for its text. What is no JSON is hidden as a whole. */
    public String in(String document) {
        if (isNone()) {
            return document;
        }
        try {
            return Json.canonical(in(Json.parse(document)));
        } catch (JsonProcessingException e) {
            return Json.write(MARK);
        }
    }

    private static void hide(JsonNode at, String way) {
        if (at.isArray()) {
            at.forEach(element -> hide(element, way));
        } else if (at instanceof ObjectNode object) {
            int dot = way.indexOf('.');
            JsonNode inner = object.get(dot < 0 ? way : way.substring(0, dot));
            if (inner != null && dot < 0) {
                object.set(way, TextNode.valueOf(MARK));
            } else if (inner != null) {
                hide(inner, way.substring(dot + 1));
            }
        }
    }
}
