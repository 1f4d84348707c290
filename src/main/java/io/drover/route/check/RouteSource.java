package io.drover.route.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One route file, taken apart.
 *
 * @param file     relative to the routes directory
 * @param id       the route's id as the file's name gives it
 * @param root     the document, or null when it is empty
 * @param route    the value of the first {@code route}, or null
 * @param kind     what the route is
 * @param from     where the route takes its messages from, or null; without placeholders that are known
 * @param uses     the endpoints that its steps name
 * @param elements all that Camel's model knows of in the route, in the order of the file
 */
record RouteSource(
        String file,
        String id,
        @Nullable Yaml root,
        @Nullable Yaml route,
        RouteKind kind,
        @Nullable EndpointUse from,
        List<EndpointUse> uses,
        List<Element> elements) {

    /** Steps that compute the endpoint. */
    private static final Set<String> EXPRESSIONS =
            Set.of("enrich", "pollEnrich", "recipientList", "routingSlip", "dynamicRouter");

    /** Those of them that name several endpoints. */
    private static final Set<String> LISTS = Set.of("recipientList", "routingSlip", "dynamicRouter");

    /** Steps that have a URI. */
    private static final Set<String> ENDPOINTS = Set.of("to", "toD", "wireTap", "poll");

    /** @param placeholders replaces those of a text, as far as they are known */
    static RouteSource of(String file, @Nullable Yaml root, UnaryOperator<String> placeholders) {
        Element route = root == null
                ? null
                : Element.entries(root).stream()
                        .filter(entry -> entry.name().equals("route"))
                        .filter(entry -> entry.value().isMapping())
                        .findFirst()
                        .orElse(null);
        List<Element> elements = new ArrayList<>();
        List<EndpointUse> uses = new ArrayList<>();
        if (route != null) {
            route.walk(elements::add);
            elements.stream().filter(Element::isStep).forEach(step -> collect(step, uses));
        }
        Yaml from = route == null ? null : route.value().get("from");
        Yaml uri = from == null ? null : from.isScalar() ? from : from.get("uri");
        Yaml parameters = from == null ? null : from.get("parameters");
        EndpointUri source = Components.uri(uri == null ? "" : placeholders.apply(uri.text()), parameters);
        return new RouteSource(
                file,
                RouteFile.id(Path.of(file)),
                root,
                route == null ? null : route.value(),
                RouteKind.of(source.toString()),
                uri == null ? null : EndpointUse.of("from", uri, source, parameters),
                List.copyOf(uses),
                List.copyOf(elements));
    }

    private static void collect(Element step, List<EndpointUse> uses) {
        if (ENDPOINTS.contains(step.name())) {
            Yaml uri = step.value().isScalar() ? step.value() : step.get("uri");
            if (uri != null && uri.isScalar()) {
                uses.add(EndpointUse.of(step.name(), uri, step.get("parameters")));
            }
        } else if (EXPRESSIONS.contains(step.name())) {
            step.languages().forEach(language -> computed(step, language, uses));
        }
    }

    private static void computed(Element step, Element language, List<EndpointUse> uses) {
        Yaml text = language.expression();
        if (text == null) {
            uses.add(EndpointUse.computed(step.name(), language.value(), language.name()));
        } else if (!Set.of("constant", "simple").contains(language.name())) {
            uses.add(EndpointUse.computed(step.name(), text, language.name()));
        } else if (LISTS.contains(step.name())) {
            String delimiter = step.text("uriDelimiter") + step.text("delimiter");
            for (String uri : parts(text.text(), delimiter.isEmpty() ? "," : delimiter)) {
                uses.add(EndpointUse.of(step.name(), Scalars.at(text, uri.strip()), null));
            }
        } else {
            uses.add(EndpointUse.of(step.name(), text, null));
        }
    }

    /** The parts between delimiters that are not in a function of Simple. */
    private static List<String> parts(String text, String delimiter) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int at = 0; at < text.length(); at++) {
            if (text.startsWith("${", at) || text.startsWith("$simple{", at)) {
                depth++;
            } else if (depth > 0 && text.charAt(at) == '}') {
                depth--;
            } else if (depth == 0 && text.startsWith(delimiter, at)) {
                parts.add(text.substring(from, at));
                from = at + delimiter.length();
                at = from - 1;
            }
        }
        parts.add(text.substring(from));
        return parts;
    }

    /**
     * The declaration of a tool or a workflow in its {@code from}.
     *
     * @throws NullPointerException when it is neither
     */
    EndpointUse declaration() {
        return Objects.requireNonNull(from, "only a tool or a workflow is declared by its from");
    }

    /** What it declares, such as {@code tool:charge} or {@code task:order?version=2}; an empty string where it says nothing. */
    String declares() {
        if (from == null) {
            return "";
        }
        return ofVersion(from.toString(), isWorkflow() ? from.value("version").strip() : "");
    }

    /** @param version as it is written, or empty */
    static String ofVersion(String declaration, String version) {
        String number = version.replaceFirst("^0+(?=\\d)", "");
        return number.isEmpty() || number.equals("1") ? declaration : declaration + "?version=" + number;
    }

    boolean isTool() {
        return kind == RouteKind.TOOL;
    }

    boolean isWorkflow() {
        return kind == RouteKind.WORKFLOW;
    }

    /** Whether messages come to it from outside. */
    boolean isTrigger() {
        return kind == RouteKind.TRIGGER;
    }
}
