package io.drover.route.check;

import java.util.regex.Pattern;

/**
 * An endpoint's URI, taken apart as Camel does it. Behind {@code master:<lease>:} it is the endpoint that the lease leads to.
 *
 * @param scheme the component's name; an empty string where the text names none, as in {@code {{server.url}}/orders}
 * @param path   what follows the scheme and its colon, without leading {@code //} and without the query
 * @param query  what follows the first question mark, or an empty string
 */
public record EndpointUri(String scheme, String path, String query) {

    private static final String MASTER = "master:";
    private static final Pattern COMPONENT = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*");

    /** @param uri with its placeholders resolved, as far as they matter */
    public static EndpointUri of(String uri) {
        String text = led(uri.strip());
        int colon = text.indexOf(':');
        String scheme =
                colon > 0 && COMPONENT.matcher(text.substring(0, colon)).matches() ? text.substring(0, colon) : "";
        String rest = scheme.isEmpty() ? text : text.substring(colon + 1);
        if (!scheme.isEmpty() && rest.startsWith("//")) {
            rest = rest.substring(2);
        }
        int query = rest.indexOf('?');
        return new EndpointUri(
                scheme, query < 0 ? rest : rest.substring(0, query), query < 0 ? "" : rest.substring(query + 1));
    }

    private static String led(String uri) {
        String text = uri;
        int end = 0;
        while (text.startsWith(MASTER) && (end = text.indexOf(':', MASTER.length())) > 0) {
            text = text.substring(end + 1);
        }
        return text;
    }

    public boolean is(String scheme) {
        return this.scheme.equals(scheme);
    }

    /** The component's name, also where the URI is nothing else because its path is a parameter; else an empty string. */
    public String component() {
        return scheme.isEmpty() && COMPONENT.matcher(path).matches() ? path : scheme;
    }

    /** Without the query. */
    @Override
    public String toString() {
        return scheme.isEmpty() ? path : scheme + ":" + path;
    }
}
