package io.drover.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.drover.guard.BoundedHttp;
import io.drover.json.Json;
import io.drover.json.UnreadableTextException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
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
 * Sends requests to one model, over connections that all models share.
 * An answer is read up to a limit.
 * An answer that is an error keeps its headers and its reason.
 */
final class ModelHttp {

    private static final int BEGINNING = 1_000;

    private final CloseableHttpClient http;
    private final RequestConfig config;
    private final int maxAnswerBytes;

    /** @param patience between two packets; the guard's timeout for the whole comes first */
    ModelHttp(CloseableHttpClient http, Duration patience, int maxAnswerBytes) {
        this.http = http;
        this.config = RequestConfig.custom()
                .setResponseTimeout(Timeout.of(patience))
                .setConnectionRequestTimeout(Timeout.of(patience))
                .build();
        this.maxAnswerBytes = maxAnswerBytes;
    }

    /**
     * @return the JSON of an answer that is no error
     * @throws ProviderException    when the answer is an error, whatever its status
     * @throws ModelAnswerException when it is too long, or not JSON
     */
    Answered send(String method, String url, Map<String, List<String>> headers, @Nullable String body) {
        HttpUriRequestBase sent = new HttpUriRequestBase(method, URI.create(url));
        sent.setConfig(config);
        headers.forEach((name, values) -> values.forEach(value -> sent.addHeader(name, value)));
        if (body != null) {
            sent.setEntity(new StringEntity(body, ContentType.APPLICATION_JSON));
        }
        try {
            return http.execute(sent, answer -> read(url, sent, answer));
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /** An answer that is no error. */
    record Answered(int status, String text, JsonNode json) {}

    private Answered read(String url, HttpUriRequestBase sent, ClassicHttpResponse answer) throws IOException {
        byte[] body = BoundedHttp.body(sent, answer, maxAnswerBytes);
        Map<String, String> headers = BoundedHttp.headers(answer);
        if (answer.getCode() < 200 || answer.getCode() > 299) {
            throw new ProviderException(
                    answer.getCode(), headers, url, BoundedHttp.beginning(new String(body, StandardCharsets.UTF_8)));
        }
        if (body.length > maxAnswerBytes) {
            throw new ModelAnswerException(
                    "the answer is longer than maxAnswerBytes (%d)".formatted(maxAnswerBytes), false);
        }
        String text = text(answer, body);
        if (isNoDocument(text)) {
            throw ModelAnswerException.ofNoModel("a page or a text", text);
        }
        JsonNode json = json(text);
        ProviderException error = ProviderException.in(json, headers, url);
        if (error != null) {
            throw error;
        }
        return new Answered(answer.getCode(), text, json);
    }

    /** Such as a page on which one logs in; what is empty or begins like a document may be the rest of an answer. */
    private static boolean isNoDocument(String text) {
        String begin = text.substring(0, Math.min(text.length(), BEGINNING)).stripLeading();
        return !begin.isEmpty() && !begin.startsWith("{") && !begin.startsWith("[") && !CompletionEvents.are(begin);
    }

    private static String text(ClassicHttpResponse answer, byte[] body) {
        try {
            return BoundedHttp.text(answer, body);
        } catch (UnreadableTextException e) {
            throw new ModelAnswerException("the answer cannot be read: " + e.getMessage(), false);
        }
    }

    /** Checks the answer here, because libraries read it with mappers of their own, which accept everything. */
    private static JsonNode json(String text) {
        try {
            return CompletionEvents.are(text) ? CompletionEvents.whole(text) : Json.parse(text);
        } catch (JsonProcessingException e) {
            throw new ModelAnswerException("the answer is not usable JSON: " + Json.reason(e), false);
        }
    }
}
