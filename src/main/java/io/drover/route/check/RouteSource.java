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
 * @param file  relative to the routes directory
 * @param id    the route's id as the file's name gives it
 * @param root  the document, or null when it is empty
 * @param route the value of the first {@code route}, or null
 * @param kind  what the route is
 * @param from  where the route takes its messages from, or null; without placeholders that are known
 * @param uses  the endpoints that its steps name
 */
record RouteSource(
        String file,
        String id,
        @Nullable Yaml root,
        @Nullable Yaml route,
        RouteKind kind,
        @Nullable EndpointUse from,
        List<EndpointUse> uses) {

    /** Steps that compute the endpoint. */
    private static final Set<String> EXPRESSIONS =
            Set.of("enrich", "pollEnrich", "recipientList", "routingSlip", "dynamicRouter");

    /** Steps that have a URI. */
    private static final Set<String> ENDPOINTS = Set.of("to", "toD", "wireTap", "poll");

    /** @param placeholders replaces those of a text, as far as they are known */
    static RouteSource of(String file, @Nullable Yaml root, UnaryOperator<String> placeholders) {
        Yaml route = root == null
                ? null
                : root.items().stream()
                        .map(item -> item.get("route"))
                        .filter(found -> found != null && found.isMapping())
                        .findFirst()
                        .orElse(null);
        Yaml from = route == null ? null : route.get("from");
        Yaml uri = from == null ? null : from.get("uri");
        List<EndpointUse> uses = new ArrayList<>();
        if (route != null) {
            route.walk("route", (holder, member) -> collect(holder, member, uses));
        }
        String source = uri == null ? "" : placeholders.apply(uri.text());
        return new RouteSource(
                file,
                RouteFile.id(Path.of(file)),
                root,
                route,
                RouteKind.of(source),
                from == null || uri == null
                        ? null
                        : EndpointUse.of("from", uri, EndpointUri.of(source), from.get("parameters")),
                uses);
    }

    private static void collect(String holder, Yaml.Member member, List<EndpointUse> uses) {
        Yaml step = member.value();
        String eip = member.name();
        if (eip.equals("from") || eip.equals("parameters")) {
            return;
        }
        Yaml uri = step.get("uri");
        if (ENDPOINTS.contains(eip) && uri != null && uri.isScalar()) {
            uses.add(EndpointUse.of(eip, uri, step.get("parameters")));
        } else if ((eip.equals("to") || eip.equals("toD")) && step.isScalar()) {
            uses.add(EndpointUse.of(eip, step, null));
        } else if (EXPRESSIONS.contains(eip) && step.get("expression") != null) {
            for (Yaml.Member language : step.get("expression").members()) {
                Yaml text = language.value().get("expression");
                if (text != null) {
                    uses.add(EndpointUse.of(eip, text, null));
                }
            }
        }
    }

    /**
     * What a tool or a workflow says of itself in its {@code from}.
     *
     * @throws NullPointerException when it is neither
     */
    EndpointUse declaration() {
        return Objects.requireNonNull(from, "only a tool or a workflow is declared by its from");
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
