package io.drover.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import io.drover.json.Excerpt;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sends LangChain4j's requests to a model, in the same way as those of all models. */
final class LangChainHttp implements HttpClient {

    /** Where providers say why a model stopped. */
    private static final List<String> REASONS =
            List.of("/stop_reason", "/stopReason", "/candidates/0/finishReason", "/choices/0/finish_reason");

    /** What the classes read by themselves, also where calls were complete before the cut. */
    private static final Set<String> KNOWN_CUTS = Set.of("max_tokens", "length");

    private final ModelHttp http;
    private final ModelSettings settings;

    private LangChainHttp(ModelHttp http, ModelSettings settings) {
        this.http = http;
        this.settings = settings;
    }

    @Override
    public SuccessfulHttpResponse execute(HttpRequest request) {
        ModelHttp.Answered answer =
                http.send(request.method().name(), request.url(), request.headers(), request.body());
        checkReason(answer.json());
        return SuccessfulHttpResponse.builder()
                .statusCode(answer.status())
                .headers(Map.of("Content-Type", List.of("application/json")))
                .body(answer.text())
                .build();
    }

    /** LangChain4j's classes drop the reasons that they do not know, such as Anthropic's {@code refusal}. */
    private void checkReason(JsonNode answer) {
        for (String place : REASONS) {
            String said = answer.at(place).asText("");
            Finish finish = Finish.of(said);
            boolean dropped = finish == Finish.FILTERED
                    || finish == Finish.BROKEN_OFF
                    || finish == Finish.CUT && !KNOWN_CUTS.contains(said.toLowerCase(Locale.ROOT));
            if (dropped) {
                throw finish.failure(
                        place.substring(place.lastIndexOf('/') + 1) + " " + Excerpt.of(said, 50), settings);
            }
        }
    }

    @Override
    public void execute(HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
        throw new UnsupportedOperationException("an agent does not stream");
    }

    /** The builder that LangChain4j asks for. Its timeouts have no effect, because {@link ModelHttp} has its own. */
    static final class Builder implements HttpClientBuilder {

        private final ModelHttp http;
        private final ModelSettings settings;
        private @Nullable Duration connectTimeout;
        private @Nullable Duration readTimeout;

        Builder(ModelHttp http, ModelSettings settings) {
            this.http = http;
            this.settings = settings;
        }

        @Override
        public @Nullable Duration connectTimeout() {
            return connectTimeout;
        }

        @Override
        public HttpClientBuilder connectTimeout(Duration timeout) {
            connectTimeout = timeout;
            return this;
        }

        @Override
        public @Nullable Duration readTimeout() {
            return readTimeout;
        }

        @Override
        public HttpClientBuilder readTimeout(Duration timeout) {
            readTimeout = timeout;
            return this;
        }

        @Override
        public HttpClient build() {
            return new LangChainHttp(http, settings);
        }
    }
}
