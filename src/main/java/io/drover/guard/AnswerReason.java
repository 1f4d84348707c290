package io.drover.guard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.drover.json.Excerpt;
import io.drover.json.Json;
import io.drover.trace.Content;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an answer that is an error says of its reason: one short line, without what looks like a secret. */
public final class AnswerReason {

    private static final int LONGEST = 300;
    private static final int LONGEST_READ = 20_000;
    private static final Pattern TITLE =
            Pattern.compile("<title[^<>]{0,200}>([^<]{0,1000})</title>", Pattern.CASE_INSENSITIVE);

    /** Fields in which services put the message for a person, the best first. */
    private static final List<String> WORDS =
            List.of("message", "detail", "error_description", "title", "msg", "error");

    private static final List<String> CODES = List.of("code", "type", "status");

    private AnswerReason() {}

    /** @return null where the answer says nothing */
    public static @Nullable String of(@Nullable String body) {
        if (body == null || body.isBlank()) {
            return null;
        }
        String text = body.length() > LONGEST_READ ? body.substring(0, LONGEST_READ) : body;
        String said = isHtml(text) ? title(text) : document(text);
        return said == null || said.isBlank()
                ? null
                : Excerpt.of(Content.withoutSecrets(said).strip(), LONGEST).replaceAll(" {2,}", " ");
    }

    /** The words of an error that is JSON, with its code; null where it has none. */
    public static @Nullable String of(JsonNode error) {
        String words = words(error);
        return words == null ? null : of(words);
    }

    private static String document(String text) {
        try {
            String words = words(Json.parse(text));
            return words == null ? text : words;
        } catch (JsonProcessingException e) {
            return text;
        }
    }

    private static @Nullable String words(JsonNode said) {
        JsonNode one = said.isArray() && !said.isEmpty() ? said.get(0) : said;
        if (one.isTextual()) {
            return one.asText();
        }
        if (one.path("error").isObject()) {
            return words(one.path("error"));
        }
        for (String name : WORDS) {
            JsonNode words = one.path(name);
            if (words.isTextual() && !words.asText().isBlank()) {
                return words.asText() + code(one, words.asText()) + more(one);
            }
            if (words.isArray() && !words.isEmpty()) { // a list of mistakes
                return words.toString();
            }
        }
        return null;
    }

    private static String code(JsonNode error, String words) {
        return CODES.stream()
                .map(name -> error.path(name).asText())
                .filter(code -> !code.isBlank() && !code.equals("null") && !words.contains(code))
                .findFirst()
                .map(" (%s)"::formatted)
                .orElse("");
    }

    private static String more(JsonNode error) {
        return error.path("errors").isEmpty() ? "" : " " + error.path("errors");
    }

    private static boolean isHtml(String text) {
        String start = text.stripLeading();
        start = start.substring(0, Math.min(start.length(), 200)).toLowerCase(Locale.ROOT);
        return start.startsWith("<!doctype html") || start.startsWith("<html") || start.contains("<head>");
    }

    private static @Nullable String title(String page) {
        Matcher title = TITLE.matcher(page);
        return title.find() ? title.group(1) : null;
    }
}
