package io.drover.route.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.util.URISupport;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint that a route names.
 *
 * @param eip     the step that names it, such as {@code from}, {@code to} or {@code toD}
 * @param scheme  such as {@code kafka}, or an empty string where only running tells
 * @param path    what follows the scheme, without the query
 * @param options from the query and from {@code parameters}
 * @param uri     the node that holds the URI, or the expression that makes it
 * @param language of that expression; empty where a URI is written
 */
record EndpointUse(String eip, String scheme, String path, List<Option> options, Yaml uri, String language) {

    private static final Set<String> CONSUMERS = Set.of("from", "poll", "pollEnrich");
    private static final Set<String> DYNAMIC =
            Set.of("toD", "poll", "enrich", "pollEnrich", "recipientList", "routingSlip", "dynamicRouter");

    /** A parameter of an endpoint. */
    record Option(String name, Yaml key, Yaml value) {
        int line() {
            return key.line();
        }
    }

    static EndpointUse of(String eip, Yaml uri, @Nullable Yaml parameters) {
        return of(eip, uri, Components.uri(uri.text(), parameters), parameters);
    }

    /** One that only running tells. */
    static EndpointUse computed(String eip, Yaml expression, String language) {
        return new EndpointUse(eip, "", "", List.of(), expression, language);
    }

    static EndpointUse of(String eip, Yaml uri, EndpointUri parts, @Nullable Yaml parameters) {
        List<Option> options = new ArrayList<>();
        query(parts.query())
                .forEach((name, value) -> options.add(new Option(name, uri, Scalars.at(uri, value.toString()))));
        if (parameters != null) {
            parameters
                    .members()
                    .forEach(member -> options.add(new Option(member.name(), member.key(), member.value())));
        }
        return new EndpointUse(eip, parts.scheme(), parts.path(), options, uri, "");
    }

    private static Map<String, Object> query(String text) {
        try {
            return URISupport.parseQuery(text, true, true);
        } catch (java.net.URISyntaxException | IllegalArgumentException e) { // a lone % is one that the load refuses
            return Map.of();
        }
    }

    int line() {
        return uri.line();
    }

    boolean isConsumer() {
        return CONSUMERS.contains(eip);
    }

    /** Whether its URI is an expression. */
    boolean isDynamic() {
        return mayBeComputed() && (uri.text().contains("${") || uri.text().contains("$simple{") || !language.isEmpty());
    }

    /** Whether its step evaluates the URI. */
    boolean mayBeComputed() {
        return DYNAMIC.contains(eip);
    }

    boolean is(String scheme) {
        return this.scheme.equals(scheme);
    }

    @Nullable
    Option option(String name) {
        return options.stream()
                .filter(option -> option.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** The text of an option, or an empty string. */
    String value(String name) {
        Option option = option(name);
        return option == null ? "" : option.value().text();
    }

    /** The options whose name begins so, without that beginning. */
    List<Option> options(String prefix) {
        return options.stream()
                .filter(option -> option.name().startsWith(prefix))
                .map(option -> new Option(option.name().substring(prefix.length()), option.key(), option.value()))
                .toList();
    }

    @Override
    public String toString() {
        return scheme + ":" + path;
    }
}
