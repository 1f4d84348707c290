package io.drover.route;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * Carries plain text through an endpoint URI.
 * Camel decodes and encodes a URI several times on its way to the component.
 * Percent-encoding does not survive this; a tilde and four hexadecimal digits do.
 */
public final class PlainText {

    private static final String UNSAFE = "%&+#~;";
    private static final Pattern ESCAPED = Pattern.compile("~([0-9A-F]{4})");

    private PlainText() {}

    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean raw = c == 'R' && i == 0 && (text.startsWith("RAW(") || text.startsWith("RAW{"));
            if (raw || c < ' ' || UNSAFE.indexOf(c) >= 0) {
                escaped.append("~%04X".formatted((int) c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }

    static String unescape(String text) {
        return ESCAPED.matcher(text)
                .replaceAll(m -> java.util.regex.Matcher.quoteReplacement(
                        Character.toString((char) Integer.parseInt(m.group(1), 16))));
    }

    /** Puts back the values of an endpoint's parameters. */
    public static void unescape(Map<String, Object> parameters) {
        parameters.replaceAll((name, value) -> value instanceof String text ? unescape(text) : value);
    }
}
