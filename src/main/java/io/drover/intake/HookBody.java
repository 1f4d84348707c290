package io.drover.intake;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.drover.json.ContentType;
import io.drover.json.Json;
import io.drover.json.TextReader;
import io.drover.json.UnreadableTextException;
import io.drover.problem.Problem;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;

/** The bodies of hooks' requests other than text: forms, whose values are decoded here. */
public final class HookBody {

    /** The attribute of a request that holds the text of its body once that was read. */
    public static final String TEXT = HookBody.class.getName();

    private HookBody() {}

    static boolean isForm(ContentType type) {
        return type.type().equals("application/x-www-form-urlencoded");
    }

    static boolean isMultipart(ContentType type) {
        return type.type().startsWith("multipart/");
    }

    static Problem noMultipart() {
        return Problem.of(
                HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                "a hook does not accept multipart bodies; send application/json, text or application/x-www-form-urlencoded, "
                        + "and put files elsewhere and send a reference");
    }

    /**
     * A body as Camel can read it before the hook's first step: Camel refuses some sound forms.
     *
     * @throws IllegalArgumentException when it is a form with a broken percent-encoding
     * @throws UnreadableTextException  when what a form encodes is not in the charset
     */
    public static String forCamel(String text, ContentType type) throws UnreadableTextException {
        if (!isForm(type)) {
            return text;
        }
        form(text, type);
        return Arrays.stream(text.split("&"))
                .filter(field -> !field.isEmpty())
                .map(field -> field.contains("=") ? field : field + "=")
                .collect(Collectors.joining("&"));
    }

    /** Whether a form is a JSON document: curl says form unless it is told otherwise, and all of it would be one name. */
    public static boolean isJsonAsForm(String text, ContentType type) {
        String begin = text.stripLeading();
        if (!isForm(type) || !begin.startsWith("{") && !begin.startsWith("[")) {
            return false;
        }
        try {
            Json.parse(text.endsWith("=") ? text.substring(0, text.length() - 1) : text); // as it is made for Camel
            return true;
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    public static Problem jsonAsForm() {
        return Problem.of(
                HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                "the body is JSON, but its Content-Type is application/x-www-form-urlencoded; send Content-Type: application/json");
    }

    public static Problem noForm() {
        return Problem.of(
                HttpStatus.BAD_REQUEST,
                "the body is not application/x-www-form-urlencoded: a name or value is not percent-encoded text in its charset");
    }

    /**
     * The fields of a form by name; a name that comes several times has a list of its values.
     *
     * @param type of the form, with its charset
     * @throws IllegalArgumentException when a percent-encoding is broken
     * @throws UnreadableTextException  when what is encoded is not in the charset
     */
    static Map<String, Object> form(String text, ContentType type) throws UnreadableTextException {
        Charset charset = charset(type);
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (String field : text.split("&")) {
            if (field.isEmpty()) {
                continue;
            }
            int equals = field.indexOf('=');
            String name = decoded(equals < 0 ? field : field.substring(0, equals), type, charset);
            values.computeIfAbsent(name, one -> new ArrayList<>(1))
                    .add(decoded(equals < 0 ? "" : field.substring(equals + 1), type, charset));
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        values.forEach((name, all) -> fields.put(name, all.size() == 1 ? all.getFirst() : all));
        return fields;
    }

    /** Of a form, in which each letter that is not encoded is one byte. */
    private static Charset charset(ContentType type) {
        Charset charset = type.charset() == null ? StandardCharsets.UTF_8 : Charset.forName(type.charset());
        if (!charset.canEncode() || "%".getBytes(charset).length != 1) {
            throw new IllegalArgumentException("no charset of forms");
        }
        return charset;
    }

    /** Decodes strictly: bytes that are not in the charset of the form are refused, not replaced. */
    private static String decoded(String encoded, ContentType type, Charset charset) throws UnreadableTextException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(encoded.length());
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c == '+') {
                bytes.write(' ');
            } else if (c != '%') {
                String plain = encoded.substring(i, encoded.offsetByCodePoints(i, 1)); // curl -d does not encode
                bytes.writeBytes(plain.getBytes(charset));
                i += plain.length() - 1;
            } else if (i + 2 < encoded.length()
                    && HexFormat.isHexDigit(encoded.charAt(i + 1))
                    && HexFormat.isHexDigit(encoded.charAt(i + 2))) {
                bytes.write(HexFormat.fromHexDigits(encoded, i + 1, i + 3));
                i += 2;
            } else {
                throw new IllegalArgumentException("a broken percent-encoding");
            }
        }
        return TextReader.read(bytes.toByteArray(), type);
    }
}
