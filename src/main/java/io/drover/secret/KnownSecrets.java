package io.drover.secret;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of secrets that this process has read, so that no text of others repeats them: an answer, an error, a log
 * line. Values that were rotated away stay known.
 */
public final class KnownSecrets {

    /** Hiding shorter values would hide words, too. */
    static final int SHORTEST = 8;

    private static final int MOST = 1_000;

    /** By the form in which a value may appear, the name of its secret. */
    private static final LinkedHashMap<String, String> FORMS = new LinkedHashMap<>();

    private static volatile List<Map.Entry<String, String>> longestFirst = List.of();

    private KnownSecrets() {}

    /** Has a value hidden from now on: as it is, in JSON, in a URL, and in base64. */
    static void add(String name, String value) {
        if (value.length() < SHORTEST || isKnown(value)) {
            return;
        }
        synchronized (FORMS) {
            for (String form : List.of(
                    value,
                    value.replace("\\", "\\\\").replace("\"", "\\\""),
                    URLEncoder.encode(value, StandardCharsets.UTF_8),
                    inUrl(value),
                    Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8)))) {
                put(form, name);
            }
            publish();
        }
    }

    /** The same of a text that carries a secret, such as the credentials of HTTP Basic in base64. */
    public static void addCarrier(String name, String carrier) {
        if (!isKnown(carrier)) {
            synchronized (FORMS) {
                put(carrier, name);
                publish();
            }
        }
    }

    /** A value as one segment of a path or one value of a query (RFC 3986). */
    public static String inUrl(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A");
    }

    private static boolean isKnown(String form) {
        return longestFirst.stream().anyMatch(known -> known.getKey().equals(form));
    }

    private static void put(String form, String name) {
        FORMS.putIfAbsent(form, name);
        if (FORMS.size() > MOST) {
            FORMS.pollFirstEntry();
        }
    }

    private static void publish() {
        List<Map.Entry<String, String>> all = new ArrayList<>(FORMS.entrySet());
        all.sort(Comparator.comparingInt(
                        (Map.Entry<String, String> one) -> one.getKey().length())
                .reversed());
        longestFirst = List.copyOf(all);
    }

    /** Whether a text holds the value of a secret. */
    public static boolean areIn(String text) {
        for (Map.Entry<String, String> known : longestFirst) {
            if (text.contains(known.getKey())) {
                return true;
            }
        }
        return false;
    }

    /** A parsed JSON document with all its texts as {@link #hidden} gives them; a number that is a secret becomes a text. */
    public static @Nullable Object hiddenIn(@Nullable Object value) {
        if (longestFirst.isEmpty()) {
            return value; // no copy of every result of a process without secrets
        }
        return switch (value) {
            case null -> null;
            case String text -> hidden(text);
            case Number number -> areIn(number.toString()) ? hidden(number.toString()) : number;
            case Map<?, ?> members -> {
                Map<String, @Nullable Object> hidden = new LinkedHashMap<>();
                members.forEach((name, member) -> hidden.put(hidden(String.valueOf(name)), hiddenIn(member)));
                yield hidden;
            }
            case List<?> items -> {
                List<@Nullable Object> hidden = new ArrayList<>(items.size());
                items.forEach(item -> hidden.add(hiddenIn(item)));
                yield hidden;
            }
            default -> value;
        };
    }

    /** The text with the name of a secret in the place of its value. */
    public static String hidden(String text) {
        String rest = text;
        for (Map.Entry<String, String> known : longestFirst) {
            if (rest.contains(known.getKey())) {
                rest = rest.replace(known.getKey(), "[hidden:%s]".formatted(known.getValue()));
            }
        }
        return rest;
    }
}
