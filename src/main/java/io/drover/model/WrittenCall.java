package io.drover.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.drover.json.Json;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A call of a tool that a server left in the text, because it did not read the model's own way of writing it.
 * Such a text is no answer: the tool was not called.
 */
final class WrittenCall {

    private static final Pattern THOUGHTS = Pattern.compile("\\s*<think>.*?</think>", Pattern.DOTALL);

    /** How models write their calls, each by its own template; no answer begins so. */
    private static final Pattern BEGINNING = Pattern.compile(
            "\\s*(?:<tool_calls?>|<\\|tool[_\u2581]calls?|<function=" + "|\\[TOOL_CALLS]|<\uff5ctool\u2581calls?)");

    /** The same after other words, at the beginning of a line. It counts where the name of an offered tool follows. */
    private static final Pattern MARK = Pattern.compile(
            "^[ \\t]{0,20}(?:<(?:tool_call|function_call|invoke |function=|\\|tool|\\|python_tag\\||\\|channel\\||\uff5c)"
                    + "|\\[TOOL_CALL|<\\|START_ACTION\\||```tool_(?:code|call))",
            Pattern.MULTILINE);

    /** How far after a mark the name is looked for. */
    private static final int NEAR = 300;

    private static final int MOST_MARKS = 200;

    /** It gives no white space back: an answer of nothing else would be looked through once for each. */
    private static final Pattern FENCED = Pattern.compile("```[a-z_]{0,10}\\s++(.*?)```", Pattern.DOTALL);

    private static final List<String> NAMES = List.of("/name", "/function/name", "/function", "/tool");
    private static final List<String> ARGUMENTS =
            List.of("/arguments", "/parameters", "/function/arguments", "/function/parameters", "/args");

    private WrittenCall() {}

    /** @param offered the tools that the model may call */
    static boolean isIn(String answer, List<Prompt.Tool> offered) {
        Matcher thoughts = THOUGHTS.matcher(answer);
        String text = thoughts.lookingAt() ? answer.substring(thoughts.end()) : answer;
        if (BEGINNING.matcher(text).lookingAt()) {
            return true;
        }
        Set<String> names = Set.copyOf(offered.stream().map(Prompt.Tool::name).toList());
        return isMarked(text, names) || isCall(text, names);
    }

    private static boolean isMarked(String text, Set<String> names) {
        if (names.isEmpty()) {
            return false;
        }
        Pattern name = Pattern.compile(
                names.stream().map(Pattern::quote).collect(Collectors.joining("|", "(?<![\\w-])(?:", ")(?![\\w-])")));
        Matcher mark = MARK.matcher(text);
        for (int marks = 0; marks < MOST_MARKS && mark.find(); marks++) {
            String near = text.substring(mark.end(), Math.min(text.length(), mark.end() + NEAR));
            if (name.matcher(near).find()) {
                return true;
            }
        }
        return false;
    }

    /** Whether the whole text is the document of a call, or of several. */
    private static boolean isCall(String text, Set<String> names) {
        String document = text.strip();
        Matcher fenced = FENCED.matcher(document);
        if (fenced.matches()) {
            document = fenced.group(1).strip();
        }
        if (!document.startsWith("{") && !document.startsWith("[")) {
            return false;
        }
        try {
            JsonNode said = Json.parse(document);
            JsonNode call = said.isArray() ? said.path(0) : said;
            return NAMES.stream().anyMatch(name -> names.contains(call.at(name).asText()))
                    && ARGUMENTS.stream()
                            .anyMatch(arguments -> call.at(arguments).isObject());
        } catch (JsonProcessingException e) {
            return false;
        }
    }
}
