package io.drover.tool;

import io.drover.json.Excerpt;
import java.util.Map;

/** An HTTP answer that is an error, from a client other than Camel's. */
public class HttpAnswerException extends RuntimeException {

    private static final int LONGEST = 500;

    private final int status;
    private final transient Map<String, String> headers;
    private final String url;
    private final String body;

    /** @param body the beginning of the answer of the other side; the owner of the task may see it */
    public HttpAnswerException(int status, Map<String, String> headers, String url, String body) {
        super("HTTP %d: %s".formatted(status, Excerpt.of(body, LONGEST)));
        this.status = status;
        this.headers = headers;
        this.url = url;
        this.body = body;
    }

    /** What a person can do, to follow the reason; empty where nothing is known. */
    public String remedy() {
        return "";
    }

    public int status() {
        return status;
    }

    public Map<String, String> headers() {
        return headers;
    }

    public String url() {
        return url;
    }

    public String body() {
        return body;
    }
}
