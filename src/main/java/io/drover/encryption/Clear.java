package io.drover.encryption;

import java.util.regex.Pattern;

/**
 * What is not sealed. A text from outside may look like a sealed value, so {@code drv1:} is kept as {@code drv0:1:} in it,
 * and {@code drv0:} as {@code drv0:0:}.
 */
final class Clear {

    private static final String ESCAPE = "drv0:";
    private static final Pattern TO_ESCAPE = Pattern.compile("drv([01]):");
    private static final Pattern ESCAPED = Pattern.compile("drv0:([01]):");

    private Clear() {}

    static String keep(String text) {
        return text.contains(Token.BEGIN) || text.contains(ESCAPE)
                ? TO_ESCAPE.matcher(text).replaceAll("drv0:$1:")
                : text;
    }

    static String read(String kept) {
        return kept.contains(ESCAPE) ? ESCAPED.matcher(kept).replaceAll("drv$1:") : kept;
    }
}
