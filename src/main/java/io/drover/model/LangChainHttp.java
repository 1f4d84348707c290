package io.drover.model;

import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sends LangChain4j's requests to a model, in the same way as those of all models. */
final class LangChainHttp implements HttpClient {

    private final ModelHttp http;

    private LangChainHttp(ModelHttp http) {
        this.http = http;
    }

    @Override
    public SuccessfulHttpResponse execute(HttpRequest request) {
        ModelHttp.Answered answer =
                http.send(request.method().name(), request.url(), request.headers(), request.body());
        return SuccessfulHttpResponse.builder()
                .statusCode(answer.status())
                .headers(Map.of("Content-Type", List.of("application/json")))
                .body(answer.text())
                .build();
    }

    @Override
    public void execute(HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
        throw new UnsupportedOperationException("an agent does not stream");
    }

    /** The builder that LangChain4j asks for. Its timeouts have no effect, because {@link ModelHttp} has its own. */
    static final class Builder implements HttpClientBuilder {

        private final ModelHttp http;
        private @Nullable Duration connectTimeout;
        private @Nullable Duration readTimeout;

        Builder(ModelHttp http) {
            this.http = http;
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
            return new LangChainHttp(http);
        }
    }
}
