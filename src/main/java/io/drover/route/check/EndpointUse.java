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
 * @param uri     the node that holds the URI
 */
record EndpointUse(String eip, String scheme, String path, List<Option> options, Yaml uri) {

    private static final Set<String> CONSUMERS = Set.of("from", "poll", "pollEnrich");
    private static final Set<String> DYNAMIC =
            Set.of("toD", "enrich", "pollEnrich", "recipientList", "routingSlip", "dynamicRouter");

    private static final String MASTER = "master:";

    /** A parameter of an endpoint. */
    record Option(String name, Yaml key, Yaml value) {
        int line() {
            return key.line();
        }
    }

    static EndpointUse of(String eip, Yaml uri, @Nullable Yaml parameters) {
        String text = uri.text().strip();
        if (text.startsWith(MASTER)) { // master:<lease>:<endpoint> takes the endpoint's options
            text = text.substring(text.indexOf(':', MASTER.length()) + 1);
        }
        int colon = text.indexOf(':');
        String scheme = colon > 0 && text.substring(0, colon).matches("[a-zA-Z][a-zA-Z0-9+.-]*")
                ? text.substring(0, colon)
                : "";
        String rest = scheme.isEmpty() ? text : text.substring(colon + 1);
        int query = rest.indexOf('?');
        List<Option> options = new ArrayList<>();
        if (query >= 0) {
            for (Map.Entry<String, Object> entry :
                    query(rest.substring(query + 1)).entrySet()) {
                options.add(new Option(
                        entry.getKey(), uri, Scalars.at(uri, entry.getValue().toString())));
            }
        }
        if (parameters != null) {
            parameters
                    .members()
                    .forEach(member -> options.add(new Option(member.name(), member.key(), member.value())));
        }
        return new EndpointUse(eip, scheme, query < 0 ? rest : rest.substring(0, query), options, uri);
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
        return DYNAMIC.contains(eip) && uri.text().contains("${");
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
