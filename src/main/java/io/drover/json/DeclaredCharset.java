package io.drover.json;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The charset that a document names at its beginning, where its {@code Content-Type} names none: XML and HTML do. */
final class DeclaredCharset {

    /** In bytes; browsers look no further either. */
    private static final int BEGINNING = 1_024;

    private static final Pattern XML =
            Pattern.compile("\\s{0,20}<\\?xml\\s[^>]{0,200}?\\bencoding\\s{0,5}=\\s{0,5}[\"']([\\w.:-]{1,40})[\"']");
    private static final Pattern HTML =
            Pattern.compile("(?i)<meta\\s[^>]{0,200}?\\bcharset\\s{0,5}=\\s{0,5}[\"']?([\\w.:-]{1,40})");

    private DeclaredCharset() {}

    /** Its name as it is written, or null. */
    static @Nullable String of(byte[] document, ContentType type) {
        boolean xml = type.type().isEmpty()
                || type.type().endsWith("/xml")
                || type.type().endsWith("+xml");
        boolean html = type.type().equals("text/html") || type.type().equals("application/xhtml+xml");
        if (!xml && !html) {
            return null;
        }
        String beginning = new String(
                document, 0, Math.min(document.length, BEGINNING), StandardCharsets.ISO_8859_1); // as all that is ASCII
        Matcher declaration = XML.matcher(beginning);
        if (xml && declaration.lookingAt()) {
            return named(declaration.group(1));
        }
        Matcher meta = HTML.matcher(beginning);
        return html && meta.find() ? named(meta.group(1)) : null;
    }

    /** What could be read so far is not in UTF-16 or UTF-32, whatever it says. */
    private static @Nullable String named(String charset) {
        return charset.toLowerCase(Locale.ROOT).matches("utf-?(?:16|32).*|ucs-.*") ? null : charset;
    }
}
