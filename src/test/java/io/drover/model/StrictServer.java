package io.drover.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.FaultyServer;
import io.drover.FaultyServer.Request;
import io.drover.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A stub of one kind of server: what it refuses, and how it spells its answers.
 *
 * @param refusal  why it refuses a request and its body, or null
 * @param first    its answer that wants calls
 * @param last     its answer after the results
 * @param refusals what it has refused so far
 */
record StrictServer(
        String name,
        Map<String, String> settings,
        String path,
        BiFunction<Request, JsonNode, String> refusal,
        String first,
        String last,
        int calls,
        Usage usage,
        List<String> refusals) {

    private static final String PATH = "/v1/chat/completions";
    private static final String ARGUMENTS = "\"{\\\"by\\\":{\\\"name\\\":\\\"Ada\\\"}}\"";
    private static final Set<String> MEMBERS = Set.of("role", "content", "tool_calls", "tool_call_id", "name");
    private static final String USAGE =
            "{\"prompt_tokens\":100,\"completion_tokens\":20,\"total_tokens\":120,\"prompt_tokens_details\":{\"cached_tokens\":60}}";
    private static final Usage USED = new Usage(100, 60, 20);

    static Stream<StrictServer> all() {
        return Stream.of(
                openAi(),
                azure(),
                anthropic(),
                gemini(),
                deepSeek(),
                mistral(),
                groq(),
                vllm(),
                sglang(),
                ollama(),
                llamaCpp(),
                liteLlm(),
                xAi());
    }

    private static StrictServer openAi() {
        return of(
                "OpenAI",
                "gpt-5-mini",
                StrictServer::openAi,
                call("call_PTLP8xhu3uwZk4l3nlnrrJha", ARGUMENTS, ""),
                USAGE,
                USED);
    }

    private static @Nullable String openAi(Request request, JsonNode body) {
        for (JsonNode tool : body.path("tools")) {
            int length = tool.at("/function/description").asText().length();
            if (length > 1024) {
                return "Invalid 'tools[0].function.description': string too long. Expected a string with maximum length 1024, but got a string with length %d instead."
                        .formatted(length);
            }
        }
        if (body.has("max_tokens")) {
            return "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens'"
                    + " instead.";
        }
        for (JsonNode tool : body.path("tools")) {
            for (String keyword : List.of("anyOf", "oneOf", "allOf", "not", "enum")) {
                if (tool.at("/function/parameters").has(keyword)) {
                    return "schema must have type 'object' and not have '%s' at the top level".formatted(keyword);
                }
            }
        }
        return members(body, MEMBERS);
    }

    private static StrictServer azure() {
        BiFunction<Request, JsonNode, String> strict = (request, body) -> {
            if (!"k-1".equals(request.headers().get("api-key"))
                    || request.headers().containsKey("Authorization")) {
                return "Access denied due to invalid subscription key";
            }
            return request.target().endsWith("?api-version=2024-10-21") ? openAi(request, body) : "Resource not found";
        };
        StrictServer like = openAi();
        return new StrictServer(
                "Azure OpenAI",
                Map.of(
                        "url", "/openai/deployments/d?api-version=2024-10-21",
                        "model", "gpt-5-mini",
                        "api-key", "k-1",
                        "api-key-header", "api-key"),
                "/openai/deployments/d/chat/completions",
                strict,
                like.first,
                like.last,
                1,
                USED,
                new CopyOnWriteArrayList<>());
    }

    private static StrictServer anthropic() {
        BiFunction<Request, JsonNode, String> strict = (request, body) -> {
            if (!body.path("max_tokens").isInt()) {
                return "max_tokens: Field required";
            }
            if (!"k-1".equals(request.headers().get("x-api-key"))) {
                return "invalid x-api-key";
            }
            for (JsonNode message : body.path("messages")) {
                for (JsonNode part : message.path("content")) {
                    if (part.path("type").asText().equals("text")
                            && part.path("text").asText().isBlank()) {
                        return "text content blocks must be non-empty";
                    }
                    if (part.path("type").asText().equals("tool_use")
                            && !message.toString().contains("\"signature\":\"c2ln\"")) {
                        return "Expected `thinking`, but found `tool_use`";
                    }
                }
            }
            return null;
        };
        String first =
                """
                {"id":"m","type":"message","role":"assistant","model":"claude","stop_reason":"tool_use","content":[\
                {"type":"thinking","thinking":"Let me look.","signature":"c2ln"},\
                {"type":"tool_use","id":"toolu_1","name":"look","input":{"by":{"name":"Ada"}}}],\
                "usage":{"input_tokens":100,"output_tokens":20}}""";
        String last =
                """
                {"id":"m","type":"message","role":"assistant","model":"claude","stop_reason":"end_turn",\
                "content":[{"type":"text","text":"In Oslo"}],"usage":{"input_tokens":100,"output_tokens":20}}""";
        return new StrictServer(
                "Anthropic",
                Map.of(
                        "type", "dev.langchain4j.model.anthropic.AnthropicChatModel",
                        "model", "claude-sonnet-4-5",
                        "api-key", "k-1"),
                "/v1/messages",
                strict,
                first,
                last,
                1,
                new Usage(100, 0, 20),
                new CopyOnWriteArrayList<>());
    }

    private static StrictServer gemini() {
        BiFunction<Request, JsonNode, String> strict = (request, body) -> each(
                body,
                call -> call.at("/extra_content/google/thought_signature")
                                .asText()
                                .equals("c2ln")
                        ? null
                        : "Function call is missing a thought_signature in functionCall parts.");
        String first = call("", ARGUMENTS, ",\"extra_content\":{\"google\":{\"thought_signature\":\"c2ln\"}}");
        String usage = "{\"prompt_tokens\":100,\"completion_tokens\":20,\"total_tokens\":170}";
        return of("Gemini", "gemini-3-pro", strict, first, usage, new Usage(100, 0, 70)); // thoughts are paid, too
    }

    private static StrictServer deepSeek() {
        BiFunction<Request, JsonNode, String> strict = (request, body) -> {
            for (JsonNode message : body.path("messages")) {
                if (message.has("tool_calls") != message.has("reasoning_content")) {
                    return "Missing or unwanted `reasoning_content` in an assistant message";
                }
            }
            return null;
        };
        String usage =
                "{\"prompt_tokens\":100,\"completion_tokens\":20,\"total_tokens\":120,\"prompt_cache_hit_tokens\":60,\"prompt_cache_miss_tokens\":40}";
        String first = call("call_00_x", ARGUMENTS, "")
                .replace("\"content\":null", "\"content\":\"\",\"reasoning_content\":\"Look.\"");
        return of("DeepSeek", "deepseek-chat", strict, first, usage, USED);
    }

    private static StrictServer mistral() {
        BiFunction<Request, JsonNode, String> strict = (request, body) -> {
            if (body.has("max_completion_tokens")) {
                return "extra_forbidden: max_completion_tokens: Extra inputs are not permitted";
            }
            String ids = each(
                    body,
                    call -> call.path("id").asText().matches("[a-zA-Z0-9]{9}")
                            ? null
                            : "Tool call id was %s but must be a-z, A-Z, 0-9, with a length of 9."
                                    .formatted(call.path("id").asText()));
            return ids == null ? members(body, MEMBERS) : ids;
        };
        String first = call("call_PTLP8xhu3uwZk4l3nlnrrJha", ARGUMENTS, "");
        StrictServer like = of("Mistral", "magistral-medium", strict, first, USAGE, USED);
        String parts =
                "[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"Hm.\"}]},{\"type\":\"text\",\"text\":\"In"
                        + " Oslo\"}]";
        return like.last(like.last.replace("\"In Oslo\"", parts));
    }

    private static StrictServer groq() {
        Set<String> members = new HashSet<>(MEMBERS);
        members.add("reasoning");
        StrictServer like = of(
                "Groq",
                "openai/gpt-oss-120b",
                (request, body) -> members(body, members),
                call("fc_1", ARGUMENTS, "").replace("\"content\":null", "\"reasoning\":\"Look.\""),
                USAGE,
                USED);
        return like.last(like.last.replace("\"usage\":", "\"x_groq\":{\"id\":\"r\",\"usage\":") + "}");
    }

    private static StrictServer vllm() {
        String first = call("chatcmpl-tool-1", ARGUMENTS, "")
                .replace(
                        "\"content\":null",
                        "\"content\":\"I will look it up.\",\"refusal\":null,\"reasoning_content\":null")
                .replace("\"name\":\"look\"", "\"name\":\"look<|channel|>commentary\"");
        return of("vLLM", "some/model", StrictServer::content, first, USAGE, USED);
    }

    private static StrictServer sglang() {
        String one =
                "{\"id\":\"call_0\",\"index\":0,\"type\":\"function\",\"function\":{\"name\":\"look\",\"arguments\":%s}}"
                        .formatted(ARGUMENTS);
        String first = call("call_0", ARGUMENTS, "").replace("\"tool_calls\":[", "\"tool_calls\":[%s,".formatted(one));
        StrictServer like = of("SGLang", "some/model", StrictServer::content, first, USAGE, USED);
        return new StrictServer(
                like.name, like.settings, like.path, like.refusal, like.first, like.last, 2, like.usage, like.refusals);
    }

    private static StrictServer ollama() {
        String first = call(null, "{\"by\":{\"name\":\"Ada\"}}", "");
        String usage = "{\"prompt_tokens\":100,\"completion_tokens\":20,\"total_tokens\":120}";
        return of("Ollama", "llama3.2", StrictServer::content, first, usage, new Usage(100, 0, 20));
    }

    private static StrictServer llamaCpp() {
        String usage = "{\"prompt_tokens\":100,\"completion_tokens\":20,\"total_tokens\":120}";
        String first =
                call("", ARGUMENTS, "").replace("\"finish_reason\":\"tool_calls\"", "\"finish_reason\":\"stop\"");
        return of("llama.cpp", "some", StrictServer::content, first, usage, new Usage(100, 0, 20));
    }

    private static StrictServer liteLlm() {
        BiFunction<Request, JsonNode, String> strict = (request, body) -> {
            for (JsonNode message : body.path("messages")) {
                if (message.has("tool_calls") && message.path("thinking_blocks").isEmpty()) {
                    return "litellm.BadRequestError: AnthropicException - Expected `thinking`, but found `tool_use`";
                }
            }
            return null;
        };
        String first = call("toolu_1", ARGUMENTS, "")
                .replace(
                        "\"content\":null",
                        "\"content\":null,\"thinking_blocks\":[{\"type\":\"thinking\",\"thinking\":\"Look.\",\"signature\":\"c2ln\"}]");
        String usage =
                "{\"prompt_tokens\":40,\"completion_tokens\":20,\"total_tokens\":120,\"cache_read_input_tokens\":60}";
        return of("LiteLLM", "anthropic/claude-sonnet-4-5", strict, first, usage, USED); // cached ones apart
    }

    private static StrictServer xAi() {
        String usage = "{\"prompt_tokens\":\"100\",\"completion_tokens\":20.0,\"total_tokens\":170}";
        return of("xAI", "grok-4", StrictServer::content, call("call_1", ARGUMENTS, ""), usage, new Usage(100, 0, 70));
    }

    private static StrictServer of(
            String name,
            String model,
            BiFunction<Request, JsonNode, String> refusal,
            String first,
            String usage,
            Usage used) {
        String last =
                "{\"id\":\"c\",\"object\":\"chat.completion\",\"model\":\"m\",\"choices\":[{\"index\":0,\"finish_reason\":\"stop\",\"message\":{\"role\":\"assistant\",\"content\":\"In Oslo\"}}],\"usage\":%s}"
                        .formatted(usage);
        Map<String, String> settings = Map.of("model", model, "api-key", "k-1");
        return new StrictServer(name, settings, PATH, refusal, first, last, 1, used, new CopyOnWriteArrayList<>());
    }

    private StrictServer last(String other) {
        return new StrictServer(name, settings, path, refusal, first, other, calls, usage, refusals);
    }

    private static String call(@Nullable String id, String arguments, String extras) {
        return """
                {"id":"c","object":"chat.completion","model":"m","choices":[{"index":0,"finish_reason":"tool_calls","message":\
                {"role":"assistant","content":null,"tool_calls":[{%s"type":"function","function":{"name":"look","arguments":%s}%s}]}}],\
                "usage":{"prompt_tokens":10,"completion_tokens":2,"total_tokens":12}}"""
                .formatted(id == null ? "" : "\"id\":\"%s\",".formatted(id), arguments, extras);
    }

    private static @Nullable String content(Request request, JsonNode body) {
        for (JsonNode message : body.path("messages")) {
            if (!message.has("content")) {
                return "messages: 'content' is required";
            }
        }
        return members(body, MEMBERS);
    }

    /** Unknown members, and calls or results that do not belong together. */
    private static @Nullable String members(JsonNode body, Set<String> known) {
        Set<String> ids = new HashSet<>();
        for (JsonNode message : body.path("messages")) {
            List<String> names = new ArrayList<>();
            message.fieldNames().forEachRemaining(names::add);
            names.removeAll(known);
            if (!names.isEmpty()) {
                return "Extra inputs are not permitted: " + names;
            }
            for (JsonNode call : message.path("tool_calls")) {
                String id = call.path("id").asText();
                if (id.isEmpty() || id.length() > 40 || !ids.add(id)) {
                    return "Duplicate or invalid tool call id '%s'".formatted(id);
                }
            }
            if (message.path("role").asText().equals("tool")
                    && !ids.contains(message.path("tool_call_id").asText())) {
                return "tool_call_id has no call";
            }
        }
        return each(body, call -> null);
    }

    private interface Check {
        @Nullable
        String of(JsonNode call);
    }

    /** What is wrong with a call that is sent back; all want names of their alphabet and an object as arguments. */
    private static @Nullable String each(JsonNode body, Check check) {
        for (JsonNode message : body.path("messages")) {
            for (JsonNode call : message.path("tool_calls")) {
                if (!call.at("/function/name").asText().matches("[a-zA-Z0-9_-]{1,64}")) {
                    return "Invalid name";
                }
                try {
                    if (!Json.parse(call.at("/function/arguments").textValue()).isObject()) {
                        return "arguments must be an object";
                    }
                } catch (JsonProcessingException e) {
                    return "arguments are not JSON";
                }
                String wrong = check.of(call);
                if (wrong != null) {
                    return wrong;
                }
            }
        }
        return null;
    }

    FaultyServer.Answer answer(Request request) {
        try {
            JsonNode body = Json.parse(request.body());
            String wrong = refusal.apply(request, body);
            if (wrong != null) {
                refusals.add(wrong);
                ObjectNode error = (ObjectNode) Json.tree(Map.of("error", Map.of("message", wrong)));
                return FaultyServer.status(400, "Content-Type: application/json", error.toString());
            }
            String said = body.path("messages").toString();
            return FaultyServer.json(said.contains("\\\"in\\\":\\\"Oslo") ? last : first);
        } catch (JsonProcessingException e) {
            return FaultyServer.status(400, "", "not JSON");
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
