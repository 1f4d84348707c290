package io.drover;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.drover.FaultyServer.Answer;
import io.drover.FaultyServer.Request;
import io.drover.json.Json;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** An MCP server at a path of a {@link FaultyServer}, each of whose methods may misbehave. */
public final class FaultyMcpServer implements Function<Request, Answer> {

    private final Map<String, Function<JsonNode, Answer>> methods = new ConcurrentHashMap<>();

    public FaultyMcpServer() {
        on(
                "initialize",
                request -> result(
                        request,
                        """
                        {"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"faulty","version":"1"}}"""));
        on("notifications/initialized", request -> FaultyServer.status(202, "", ""));
        on("ping", request -> FaultyServer.status(202, "", ""));
    }

    /** How further messages of the method are answered; GET is a method, too. */
    public FaultyMcpServer on(String method, Function<JsonNode, Answer> answers) {
        methods.put(method, answers);
        return this;
    }

    /** A good answer to a request. */
    public static Answer result(JsonNode request, String result) {
        return FaultyServer.json(message(request, result));
    }

    /** A message that answers a request. */
    public static String message(JsonNode request, String result) {
        return "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":%s}".formatted(request.path("id"), result);
    }

    @Override
    public Answer apply(Request request) {
        try {
            JsonNode message = request.body().isEmpty() ? Json.parse("{}") : Json.parse(request.body());
            String method = request.method().equals("POST")
                    ? message.path("method").asText("ping") // the answer to a ping of ours
                    : request.method();
            return methods.getOrDefault(method, unknown -> FaultyServer.status(405, "", ""))
                    .apply(message);
        } catch (JsonProcessingException e) {
            return FaultyServer.status(400, "", e.getMessage());
        }
    }
}
