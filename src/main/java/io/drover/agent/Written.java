package io.drover.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.drover.json.Json;
import io.drover.json.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The JSON document that a model was asked for, in what it wrote: after its thoughts, in a code block, or among prose. */
final class Written {

    /** A model that is not sure which it means is asked again. */
    static final class SeveralException extends Exception {
        SeveralException() {
            super("it holds several JSON documents that fit");
        }
    }

    /** The number of beginnings that are looked at: a text of brackets alone would take a time that grows with its square. */
    private static final int MOST_BEGINNINGS = 200;

    private static final Pattern THOUGHTS_END = Pattern.compile("</(?:think|thinking|thought|reasoning)>");
    private static final Pattern THOUGHTS_BEGIN = Pattern.compile("<(?:think|thinking|thought|reasoning)>");
    private static final Pattern FENCE = Pattern.compile("```[A-Za-z0-9_-]{0,20}\\s");
    private static final String FENCE_END = "```";

    private final String text;

    /** Thoughts end with a mark; not every model says where they begin. */
    Written(String answer) {
        Matcher end = THOUGHTS_END.matcher(answer);
        int from = 0;
        while (end.find()) {
            from = end.end();
        }
        this.text = answer.substring(from).strip();
    }

    /**
     * What a model wrote for people: without the thoughts that come first, and otherwise as it is.
     * Words about such marks are no thoughts.
     *
     * @return an empty text where there are only thoughts
     */
    static String words(String answer) {
        Matcher begin = THOUGHTS_BEGIN.matcher(answer);
        Matcher end = THOUGHTS_END.matcher(answer);
        boolean begins = begin.find();
        if (begins && answer.substring(0, begin.start()).isBlank()) {
            return end.find(begin.end()) ? answer.substring(end.end()).strip() : "";
        }
        boolean unopened = !begins && end.find() && answer.startsWith("\n", end.end());
        return unopened ? answer.substring(end.end()).strip() : answer;
    }

    /**
     * The document: all that was written, else the one code block, else the one part that fits the schema.
     *
     * @throws JsonProcessingException when no part is JSON; it says what is wrong with the whole
     * @throws SeveralException        when parts fit that say different things
     */
    JsonNode document(Schema schema) throws JsonProcessingException, SeveralException {
        try {
            return Json.parse(text);
        } catch (JsonProcessingException e) {
            List<JsonNode> candidates = fenced();
            if (candidates.stream().noneMatch(one -> schema.problems(one).isEmpty())) {
                candidates = embedded();
            }
            if (candidates.isEmpty()) {
                throw e;
            }
            return theOne(candidates, schema);
        }
    }

    private static JsonNode theOne(List<JsonNode> candidates, Schema schema) throws SeveralException {
        Map<String, JsonNode> fitting = new LinkedHashMap<>();
        candidates.stream()
                .filter(one -> schema.problems(one).isEmpty())
                .forEach(one -> fitting.put(Json.canonical(one), one));
        if (fitting.size() > 1) {
            throw new SeveralException();
        }
        return fitting.isEmpty()
                ? candidates.getLast()
                : fitting.values().iterator().next();
    }

    private List<JsonNode> fenced() {
        List<JsonNode> documents = new ArrayList<>();
        Matcher fence = FENCE.matcher(text);
        int from = 0;
        while (documents.size() < MOST_BEGINNINGS && fence.find(from)) {
            int end = text.indexOf(FENCE_END, fence.end());
            if (end < 0) {
                break;
            }
            add(documents, text.substring(fence.end(), end));
            from = end + FENCE_END.length();
        }
        return documents;
    }

    /** Objects and arrays among other words. */
    private List<JsonNode> embedded() {
        List<JsonNode> documents = new ArrayList<>();
        int beginnings = 0;
        for (int at = 0; at < text.length() && beginnings < MOST_BEGINNINGS; at++) {
            if (text.charAt(at) != '{' && text.charAt(at) != '[') {
                continue;
            }
            beginnings++;
            int end = end(at);
            if (end > 0 && add(documents, text.substring(at, end))) {
                at = end - 1;
            }
        }
        return documents;
    }

    /** After the bracket that closes the one at the beginning, or 0. */
    private int end(int from) {
        int depth = 0;
        boolean quoted = false;
        for (int at = from; at < text.length(); at++) {
            char c = text.charAt(at);
            if (quoted) {
                at += c == '\\' ? 1 : 0;
                quoted = c != '"';
            } else if (c == '"') {
                quoted = true;
            } else if (c == '{' || c == '[') {
                depth++;
            } else if ((c == '}' || c == ']') && --depth == 0) {
                return at + 1;
            }
        }
        return 0;
    }

    private static boolean add(List<JsonNode> documents, String part) {
        try {
            documents.add(Json.parse(part));
            return true;
        } catch (JsonProcessingException e) {
            return false; // it is prose
        }
    }
}
