package io.drover.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.drover.json.Json;
import io.drover.model.Answer.WantedCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The calls in a reply, in one form whatever the model's spelling.
 * The model is told about errors beyond spelling.
 */
final class WantedCalls {

    private static final Pattern NAMESPACE = Pattern.compile("^(?:functions?|tools?|default_api)[.:/]");

    private WantedCalls() {}

    static List<WantedCall> of(Reply reply, Prompt prompt) {
        Set<String> offered = prompt.tools().stream().map(Prompt.Tool::name).collect(Collectors.toSet());
        boolean cut = reply.finish() == Finish.CUT;
        List<WantedCall> calls = new ArrayList<>();
        for (Reply.Call call : reply.calls()) {
            calls.add(new WantedCall(
                    call.id() == null || call.id().isEmpty() ? "call-" + calls.size() : call.id(),
                    name(String.valueOf(call.name()), offered),
                    arguments(call.arguments(), cut),
                    call.extras()));
        }
        return calls;
    }

    /** Some write {@code functions.pay} for pay, or {@code pay<|channel|>commentary}. */
    private static String name(String said, Set<String> offered) {
        if (offered.contains(said)) {
            return said;
        }
        int marker = said.indexOf("<|");
        String name = (marker > 0 ? said.substring(0, marker) : said).strip();
        String bare = NAMESPACE.matcher(name).replaceFirst("");
        return offered.contains(name) ? name : offered.contains(bare) ? bare : said;
    }

    /**
     * No text means no arguments, unless the answer was cut there.
     * Some models write the object into a string.
     */
    private static String arguments(@Nullable String said, boolean cut) {
        if (said == null || said.isBlank()) {
            return cut ? "" : "{}";
        }
        try {
            JsonNode document = Json.parse(said);
            if (document.isNull()) {
                return "{}";
            }
            return document.isTextual() && Json.parse(document.asText()).isObject() ? document.asText() : said;
        } catch (JsonProcessingException e) {
            return said; // the model is told
        }
    }
}
