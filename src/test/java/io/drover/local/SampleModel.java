package io.drover.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * Not a language model: a small HTTP server that speaks OpenAI's chat completions and answers as it was told, so that the
 * real client, loop and budget run without a key.
 */
public final class SampleModel implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int BYTES_PER_TOKEN = 4;

    /** What it answers: text, or calls of tools, or whatever bytes. */
    public sealed interface Reply {

        /** A final answer. */
        record Text(String text) implements Reply {}

        /** It wants tools called. */
        record Calls(List<Call> calls) implements Reply {}

        /** Anything else, as it goes over the wire. */
        record Raw(int status, Map<String, String> headers, byte[] body) implements Reply {}
    }

    /** A call of a tool; {@code arguments} is what it says, JSON or not. */
    public record Call(String tool, String arguments) {}

    private final HttpServer server;
    private final Function<JsonNode, Reply> mind;
    private final List<JsonNode> requests = new CopyOnWriteArrayList<>();

    public SampleModel(int port, Function<JsonNode, Reply> mind) {
        this.mind = mind;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/v1/chat/completions", this::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    public static Reply text(String text) {
        return new Reply.Text(text);
    }

    public static Reply call(String tool, String arguments) {
        return new Reply.Calls(List.of(new Call(tool, arguments)));
    }

    /** What {@code drover.models.*.url} is to be. */
    public String url() {
        return "http://127.0.0.1:%d/v1".formatted(server.getAddress().getPort());
    }

    /** All requests so far. */
    public List<JsonNode> requests() {
        return requests;
    }

    /** The results of tools that a request holds. */
    public static List<JsonNode> toolResults(JsonNode request) {
        List<JsonNode> results = new ArrayList<>();
        request.path("messages").forEach(message -> {
            if (message.path("role").asText().equals("tool")) {
                results.add(message);
            }
        });
        return results;
    }

    /** What the user said last. */
    public static String said(JsonNode request) {
        String said = "";
        for (JsonNode message : request.path("messages")) {
            if (message.path("role").asText().equals("user")) {
                said = message.path("content").asText();
            }
        }
        return said;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] sent = exchange.getRequestBody().readAllBytes();
            JsonNode request = JSON.readTree(sent);
            requests.add(request);
            switch (mind.apply(request)) {
                case Reply.Raw raw -> {
                    raw.headers().forEach((name, value) -> exchange.getResponseHeaders()
                            .set(name, value));
                    exchange.sendResponseHeaders(raw.status(), raw.body().length == 0 ? -1 : raw.body().length);
                    exchange.getResponseBody().write(raw.body());
                }
                case Reply.Text text -> complete(exchange, sent.length, message(text.text(), List.of()));
                case Reply.Calls calls -> complete(exchange, sent.length, message(null, calls.calls()));
            }
        }
    }

    private static ObjectNode message(String text, List<Call> calls) {
        ObjectNode message = JSON.createObjectNode().put("role", "assistant").put("content", text);
        if (!calls.isEmpty()) {
            var list = message.putArray("tool_calls");
            for (int i = 0; i < calls.size(); i++) {
                ObjectNode call = list.addObject().put("id", "call_" + i).put("type", "function");
                call.putObject("function")
                        .put("name", calls.get(i).tool())
                        .put("arguments", calls.get(i).arguments());
            }
        }
        return message;
    }

    private static void complete(HttpExchange exchange, int promptBytes, ObjectNode message) throws IOException {
        int in = promptBytes / BYTES_PER_TOKEN;
        int out = message.toString().length() / BYTES_PER_TOKEN;
        ObjectNode completion = JSON.createObjectNode()
                .put("id", "sample")
                .put("object", "chat.completion")
                .put("model", "sample");
        ObjectNode choice = completion.putArray("choices").addObject().put("index", 0);
        choice.put("finish_reason", message.has("tool_calls") ? "tool_calls" : "stop");
        choice.set("message", message);
        completion
                .putObject("usage")
                .put("prompt_tokens", in)
                .put("completion_tokens", out)
                .put("total_tokens", in + out);
        byte[] body = completion.toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
