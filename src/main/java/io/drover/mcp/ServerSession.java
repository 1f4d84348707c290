package io.drover.mcp;

import io.drover.guard.BoundedHttp;
import io.drover.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.hc.client5.http.classic.methods.HttpDelete;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.jspecify.annotations.Nullable;

/** What all requests of one session carry, and whether the server still knows it. */
final class ServerSession {

    private static final String SESSION = "Mcp-Session-Id";
    private static final String VERSION = "MCP-Protocol-Version";
    private static final String LAST_EVENT = "Last-Event-ID";
    private static final String JSON = "application/json";
    private static final int LONGEST_ERROR = 500;

    private final ServerSettings settings;
    private volatile @Nullable String id;
    private volatile @Nullable String version;

    ServerSession(ServerSettings settings) {
        this.settings = settings;
    }

    /** The version that both sides agreed upon goes along with all that is sent from now on. */
    void agreed(String agreed) {
        version = agreed;
    }

    HttpPost post(Map<String, Object> message) {
        HttpPost post = dressed(new HttpPost(settings.url()));
        post.setHeader(HttpHeaders.ACCEPT, JSON + ", " + EventStream.TYPE);
        post.setEntity(new StringEntity(Json.write(message), ContentType.APPLICATION_JSON));
        return post;
    }

    /** @param lastEvent null for what the server says by itself, or the event after which a stream is read on */
    HttpGet events(@Nullable String lastEvent) {
        HttpGet get = dressed(new HttpGet(settings.url()));
        get.setHeader(HttpHeaders.ACCEPT, EventStream.TYPE);
        if (lastEvent != null) {
            get.setHeader(LAST_EVENT, lastEvent);
        }
        return get;
    }

    /** What ends the session, or null when there is none. */
    @Nullable
    HttpDelete end() {
        return id == null ? null : dressed(new HttpDelete(settings.url()));
    }

    private <T extends HttpUriRequestBase> T dressed(T request) {
        settings.headers().forEach(request::setHeader);
        if (settings.authorization() != null) {
            request.setHeader(HttpHeaders.AUTHORIZATION, settings.authorization());
        }
        if (id != null) {
            request.setHeader(SESSION, id);
        }
        if (version != null) {
            request.setHeader(VERSION, version);
        }
        return request;
    }

    /** Refuses an answer that is an error; the first good one may open the session. */
    void check(HttpUriRequestBase request, ClassicHttpResponse answer) throws IOException {
        int status = answer.getCode();
        if (id != null && (status == 404 || status == 400)) { // servers say 400, too
            throw new ForgottenSessionException();
        }
        if (status < 200 || status > 299) {
            byte[] body = BoundedHttp.body(request, answer, LONGEST_ERROR);
            throw BoundedHttp.failure(answer, settings.origin(), new String(body, StandardCharsets.UTF_8));
        }
        Header opened = answer.getFirstHeader(SESSION);
        if (id == null && opened != null) {
            id = opened.getValue();
        }
    }
}
