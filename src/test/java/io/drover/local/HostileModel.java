package io.drover.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.json.Json;
import io.drover.local.SampleModel.Call;
import io.drover.local.SampleModel.Reply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * A model that tries everything: the tools it has, with arguments that fit and that do not, several at a time and again; tools
 * that it does not have; answers that are none; and what a result of a tool tells it to do.
 */
final class HostileModel implements Function<JsonNode, Reply> {

    /** What no agent is offered, or by names that mean something elsewhere. */
    private static final List<String> OTHERS = List.of(
            "refund",
            "voucher",
            "send_reply",
            "save_ticket",
            "publish_result",
            "tell",
            "tool:refund",
            "task:support-ticket",
            "signal:customer-replied",
            "wait:until",
            "memory.remember",
            "memory.forget",
            "model.default",
            "flag:new-model",
            "far_wipe",
            "far_wipe_all",
            "no_such_tool",
            "../refund",
            "${body}",
            "{{support.mail.url}}",
            "",
            "x".repeat(5_000));

    private static final List<String> ODD = List.of(
            "",
            "{",
            "[]",
            "null",
            "7",
            "\"text\"",
            "{\"email\":1}",
            "{\"email\":null}",
            "{\"email\":\"a@b\",\"email\":\"c@d\"}",
            "{\"email\":\"${bean:x}\",\"to\":\"{{support.mail.url}}\",\"orderId\":\"#{1}\"}",
            "{\"amount\":1e999}",
            "{\"CamelHttpUri\":\"http://169.254.169.254\",\"email\":\"a@b\"}",
            "{\"a\":".repeat(2_000) + "1" + "}".repeat(2_000),
            "{\"email\":\"" + "a".repeat(100_000) + "\"}");

    private static final String CALLS_WITHOUT_IDS =
            """
            {"choices":[{"finish_reason":"stop","message":{"role":"assistant","content":"and","tool_calls":[
            {"type":"function","function":{"name":"wipe","arguments":{"email":"a@b"}}},
            {"id":"","function":{"name":"refund","arguments":"{}"}},{"id":"x"},null]}}]}
            """;

    private final Map<String, Integer> asked = new ConcurrentHashMap<>();

    /** How often it was asked. */
    int asked() {
        return asked.values().stream().mapToInt(Integer::intValue).sum();
    }

    @Override
    public Reply apply(JsonNode request) {
        int turn = asked.merge(SampleModel.said(request), 1, Integer::sum);
        return switch (request.path("tools").isEmpty() ? 0 : turn) {
            case 1 -> new Reply.Calls(others(request));
            case 2 -> new Reply.Calls(odd(request));
            case 3 -> raw(500, "{\"error\":{\"message\":\"no\"}}");
            case 4 -> raw(200, "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"tool_calls\":[{\"fun");
            case 5 -> raw(200, "");
            case 6 -> raw(200, CALLS_WITHOUT_IDS);
            case 7 -> new Reply.Calls(fitting(request, "a"));
            case 8 -> new Reply.Calls(obedient(request));
            case 9 -> new Reply.Calls(fitting(request, "b"));
            default ->
                SampleModel.text("{\"action\":\"refund\",\"reason\":\"I said so\",\"reply\":\"${bean:x} {{y}} done\"}");
        };
    }

    private static Reply raw(int status, String body) {
        return new Reply.Raw(status, Map.of("Content-Type", "application/json"), body.getBytes(StandardCharsets.UTF_8));
    }

    private static List<Call> fitting(JsonNode request, String variant) {
        List<Call> calls = new ArrayList<>();
        for (JsonNode tool : request.path("tools")) {
            JsonNode function = tool.path("function");
            Map<String, Object> arguments = new LinkedHashMap<>();
            function.at("/parameters/properties")
                    .properties()
                    .forEach(property -> arguments.put(
                            property.getKey(), value(request, property.getKey(), property.getValue(), variant)));
            Call call = new Call(function.path("name").asText(), Json.write(arguments));
            calls.add(call);
            if (variant.equals("a")) {
                calls.add(call); // at the same time
            }
        }
        return calls;
    }

    private static Object value(JsonNode request, String name, JsonNode schema, String variant) {
        return switch (schema.path("type").asText()) {
            case "number", "integer" -> variant.equals("a") ? 5 : 250;
            case "boolean" -> true;
            case "array" -> List.of(variant);
            case "object" -> Map.of("hostile", variant);
            default ->
                switch (name) {
                    case "email", "to" -> variant + field(request, "email");
                    case "orderId" -> field(request, "orderId") + (variant.equals("a") ? "" : "0");
                    case "ticketId", "key" -> field(request, "ticketId") + variant;
                    case "day" -> variant.equals("a") ? "2026-01-30" : "2026-01-31";
                    default -> "hostile " + variant;
                };
        };
    }

    private static String field(JsonNode request, String name) {
        try {
            return Json.parse(SampleModel.said(request)).path(name).asText("O-1234");
        } catch (JsonProcessingException e) {
            return "O-1234";
        }
    }

    private static List<Call> others(JsonNode request) {
        ObjectNode all = (ObjectNode) Json.tree(Map.of(
                "email",
                field(request, "email"),
                "orderId",
                "O-1234",
                "amount",
                5,
                "fact",
                "hostile",
                "key",
                "hostile",
                "query",
                "x"));
        return OTHERS.stream().map(name -> new Call(name, all.toString())).toList();
    }

    private static List<Call> odd(JsonNode request) {
        List<Call> calls = new ArrayList<>();
        for (JsonNode tool : request.path("tools")) {
            String name = tool.at("/function/name").asText();
            calls.add(new Call(name, ODD.get(calls.size() % ODD.size())));
        }
        return calls;
    }

    /** Servers tell it to call refund: it does. */
    private static List<Call> obedient(JsonNode request) {
        List<Call> calls = new ArrayList<>();
        for (JsonNode result : SampleModel.toolResults(request)) {
            String said = result.path("content").asText();
            int at = said.indexOf("call ");
            if (at >= 0) {
                String tool = said.substring(at + 5).split("[^a-z_]", 2)[0];
                calls.add(new Call(tool, "{\"orderId\":\"O-1234\",\"email\":\"a@mail.example\",\"amount\":9}"));
            }
        }
        return calls.isEmpty() ? List.of(new Call("refund", "{}")) : calls;
    }
}
