package io.drover.json;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code Content-Type} says of the body that it came with.
 *
 * @param type    such as {@code application/json}, in lower case; empty where nothing is said
 * @param charset as it is written, without quotes; or null
 */
public record ContentType(String type, @Nullable String charset) {

    /** That of a JSON document, RFC 8259. */
    public static final String JSON = "application/json";

    public static final ContentType NONE = new ContentType("", null);

    private static final Set<String> LINES = Set.of(
            "application/x-ndjson",
            "application/ndjson",
            "application/jsonl",
            "application/x-jsonl",
            "application/jsonlines",
            "application/x-jsonlines",
            "application/json-lines",
            "application/json-seq",
            "application/stream+json",
            "application/x-json-stream",
            "text/x-ndjson",
            "text/ndjson",
            "text/jsonl");

    private static final Pattern LINES_SUFFIX = Pattern.compile("\\+(?:json-seq|(?:x-)?ndjson|jsonl)$");

    private static final Set<String> TEXT = Set.of(
            "application/xml",
            "application/javascript",
            "application/yaml",
            "application/x-yaml",
            "application/x-www-form-urlencoded",
            "application/csv");

    private static final Set<String> BINARY = Set.of(
            "application/pdf",
            "application/zip",
            "application/gzip",
            "application/x-gzip",
            "application/zstd",
            "application/x-bzip2",
            "application/x-tar",
            "application/x-7z-compressed",
            "application/java-archive",
            "application/wasm",
            "application/protobuf",
            "application/x-protobuf",
            "application/cbor",
            "application/msgpack",
            "application/x-msgpack",
            "application/msword");

    /** Reads the header; one that cannot be read says nothing. */
    public static ContentType of(@Nullable Object header) {
        if (header == null) {
            return NONE;
        }
        String text = header.toString();
        int end = text.indexOf(';');
        String type = (end < 0 ? text : text.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        return new ContentType(type, end < 0 ? null : charset(text.substring(end + 1)));
    }

    private static @Nullable String charset(String parameters) {
        for (String parameter : parameters.split(";")) {
            int equals = parameter.indexOf('=');
            if (equals > 0 && parameter.substring(0, equals).strip().equalsIgnoreCase("charset")) {
                String value = parameter.substring(equals + 1).strip();
                boolean quoted = value.length() > 1
                        && (value.startsWith("\"") && value.endsWith("\"")
                                || value.startsWith("'") && value.endsWith("'"));
                value = quoted ? value.substring(1, value.length() - 1).strip() : value;
                return value.isEmpty() ? null : value;
            }
        }
        return null;
    }

    /** The same with another charset. */
    public ContentType in(@Nullable String other) {
        return new ContentType(type, other);
    }

    /** Whether the body is declared as one JSON document. */
    public boolean isJson() {
        return type.endsWith("/json") || type.endsWith("+json") || type.endsWith("/x-json");
    }

    /** Whether the body is declared as a JSON document a line, or (RFC 7464) one after each record separator. */
    public boolean isJsonLines() {
        return LINES.contains(type) || LINES_SUFFIX.matcher(type).find();
    }

    /** Whether the body is declared as text. */
    public boolean isText() {
        return charset != null
                || type.startsWith("text/")
                || isJson()
                || isJsonLines()
                || type.endsWith("+xml")
                || type.endsWith("+yaml")
                || TEXT.contains(type);
    }

    /** Whether the body is declared as something that is no text, even where its bytes could be read as text. */
    public boolean isBinary() {
        boolean medium = type.startsWith("image/")
                || type.startsWith("audio/")
                || type.startsWith("video/")
                || type.startsWith("font/")
                || type.startsWith("application/vnd.openxmlformats-")
                || type.startsWith("application/vnd.ms-");
        return !isText() && (medium || BINARY.contains(type));
    }
}
