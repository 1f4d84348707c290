package io.drover.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import io.drover.guard.BoundedHttp;
import io.drover.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * LangChain4j's way to a model, over the connections that all models share. An answer is read up to a limit, and one that
 * is an error keeps its headers: {@code Retry-After} counts.
 */
final class ModelHttpClient implements HttpClient {

    private final CloseableHttpClient http;
    private final RequestConfig config;
    private final int maxAnswerBytes;

    private ModelHttpClient(CloseableHttpClient http, Duration timeout, int maxAnswerBytes) {
        this.http = http;
        this.config = RequestConfig.custom()
                .setResponseTimeout(Timeout.of(timeout))
                .setConnectionRequestTimeout(Timeout.of(timeout))
                .build();
        this.maxAnswerBytes = maxAnswerBytes;
    }

    @Override
    public SuccessfulHttpResponse execute(HttpRequest request) {
        HttpUriRequestBase sent = new HttpUriRequestBase(request.method().name(), java.net.URI.create(request.url()));
        sent.setConfig(config);
        request.headers().forEach((name, values) -> values.forEach(value -> sent.addHeader(name, value)));
        if (request.body() != null) {
            sent.setEntity(new StringEntity(request.body(), ContentType.APPLICATION_JSON));
        }
        try {
            return http.execute(sent, answer -> read(request, sent, answer));
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    private SuccessfulHttpResponse read(HttpRequest request, HttpUriRequestBase sent, ClassicHttpResponse answer)
            throws IOException {
        byte[] body = BoundedHttp.body(sent, answer, maxAnswerBytes);
        String text = new String(body, 0, Math.min(body.length, maxAnswerBytes), StandardCharsets.UTF_8);
        if (answer.getCode() < 200 || answer.getCode() > 299) {
            throw BoundedHttp.failure(answer, request.url(), text);
        }
        if (body.length > maxAnswerBytes) {
            throw new ModelAnswerException(
                    "the answer is longer than maxAnswerBytes (%d)".formatted(maxAnswerBytes), false);
        }
        checkJson(text);
        return SuccessfulHttpResponse.builder()
                .statusCode(answer.getCode())
                .headers(Map.of("Content-Type", List.of("application/json")))
                .body(text)
                .build();
    }

    /** LangChain4j reads it with a mapper of its own, which takes everything. */
    private static void checkJson(String text) {
        try {
            Json.parse(text);
        } catch (JsonProcessingException e) {
            throw new ModelAnswerException("the answer is not usable JSON: " + Json.reason(e), false);
        }
    }

    @Override
    public void execute(HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
        throw new UnsupportedOperationException("an agent does not stream");
    }

    /** What LangChain4j's builders ask for. */
    static final class Builder implements HttpClientBuilder {

        private final CloseableHttpClient http;
        private final int maxAnswerBytes;
        private @Nullable Duration connectTimeout;
        private @Nullable Duration readTimeout;

        Builder(CloseableHttpClient http, int maxAnswerBytes) {
            this.http = http;
            this.maxAnswerBytes = maxAnswerBytes;
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
            return new ModelHttpClient(
                    http, readTimeout == null ? Duration.ofSeconds(60) : readTimeout, maxAnswerBytes);
        }
    }
}
