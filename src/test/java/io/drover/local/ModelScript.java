package io.drover.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drover.local.SampleModel.Call;
import io.drover.local.SampleModel.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The sample model's mind: the rules of {@code local/model-script.yaml}. */
final class ModelScript implements Function<JsonNode, Reply> {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode rules;

    private ModelScript(JsonNode rules) {
        this.rules = rules;
    }

    static ModelScript read() {
        try (InputStream in = ModelScript.class.getResourceAsStream("/local/model-script.yaml")) {
            return new ModelScript(
                    JSON.valueToTree(new Load(LoadSettings.builder().build()).loadFromInputStream(in)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Reply apply(JsonNode request) {
        String said = SampleModel.said(request);
        int results = SampleModel.toolResults(request).size();
        for (JsonNode rule : rules) {
            boolean heard = !rule.has("results") || rule.path("results").asInt() == results;
            if (heard && said.contains(rule.path("says").asText())) {
                return rule.has("calls")
                        ? new Reply.Calls(calls(rule, said))
                        : new Reply.Text(filled(rule.path("answer").toString(), said));
            }
        }
        return new Reply.Text("The script has no answer to this.");
    }

    private static List<Call> calls(JsonNode rule, String said) {
        List<Call> calls = new ArrayList<>();
        rule.path("calls")
                .forEach(call -> calls.add(new Call(
                        call.path("tool").asText(),
                        filled(call.path("arguments").toString(), said))));
        return calls;
    }

    /** Puts the ticket's fields in the place of {@code {field}}. */
    private static String filled(String template, String ticket) {
        try {
            String text = template;
            for (var field : JSON.readTree(ticket).properties()) {
                String quoted = JSON.writeValueAsString(field.getValue().asText());
                text = text.replace("{%s}".formatted(field.getKey()), quoted.substring(1, quoted.length() - 1));
            }
            return text;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the sample model was told no ticket: " + ticket, e);
        }
    }
}
