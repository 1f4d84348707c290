package io.drover.bench;

import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.service.AiServices;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** LangChain4j's own loop as its documentation shows it: nothing durable, no guard. */
final class BareAgent {

    private static final String STUB = System.getenv("STUB_URL");
    private static final int AT_ONCE = Integer.parseInt(System.getenv("CONCURRENCY"));

    private BareAgent() {}

    interface Assistant {
        String chat(String question);
    }

    static final class Tools {

        private final HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

        @Tool(name = "customer", value = "Look a customer up")
        String customer(@dev.langchain4j.agent.tool.P(value = "the id", name = "id") String id)
                throws IOException, InterruptedException {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(STUB + "/customer/" + id)).build();
            return http.send(request, BodyHandlers.ofString()).body();
        }
    }

    public static void main(String[] args) throws Exception {
        Assistant assistant = AiServices.builder(Assistant.class)
                .chatModel(OpenAiChatModel.builder()
                        .baseUrl(System.getenv("MODEL_URL"))
                        .apiKey("none")
                        .modelName("stub")
                        .build())
                .tools(new Tools())
                .build();
        AtomicLong done = new AtomicLong();
        Protocol.serve(Map.of(
                "submit", command -> Protocol.closedLoop(command, AT_ONCE, id -> {
                    if (!assistant.chat("where is my order").equals("done")) {
                        throw new IllegalStateException("another answer");
                    }
                    done.incrementAndGet();
                }),
                "count", command -> Protocol.object().put("done", done.get())));
    }
}
