package io.drover.bench;

import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/**
 * Speaks OpenAI's chat completions and answers at once: so many times it wants the tool {@code customer} called with an
 * argument that is new, then it says that it is done. It is not counted.
 */
final class ModelStub {

    private ModelStub() {}

    public static void main(String[] args) throws Exception {
        int calls = Integer.parseInt(args[1]);
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0])), 1000);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/chat/completions", exchange -> {
            try (exchange) {
                int heard = results(exchange.getRequestBody().readAllBytes());
                byte[] answer = (heard < calls ? call(heard) : done()).getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
            }
        });
        server.start();
    }

    /** How many results of tools the conversation holds. */
    private static int results(byte[] request) {
        String text = new String(request, StandardCharsets.UTF_8);
        int n = 0;
        for (int at = text.indexOf("tool_call_id"); at >= 0; at = text.indexOf("tool_call_id", at + 1)) {
            n++;
        }
        return n;
    }

    private static String call(int n) {
        return completion(
                """
                {"role":"assistant","content":null,"tool_calls":[{"id":"call_%d","type":"function","function":{"name":"customer","arguments":"{\\"id\\":\\"%d\\"}"}}]}
                """
                        .formatted(n, n)
                        .strip(),
                "tool_calls");
    }

    private static String done() {
        return completion("{\"role\":\"assistant\",\"content\":\"done\"}", "stop");
    }

    private static String completion(String message, String reason) {
        return """
               {"id":"x","object":"chat.completion","model":"stub","choices":[{"index":0,"message":%s,"finish_reason":"%s"}],"usage":{"prompt_tokens":100,"completion_tokens":10,"total_tokens":110}}
               """
                .formatted(message, reason);
    }
}
