package io.drover.mcp;

import io.drover.guard.BoundedHttp;
import io.drover.json.Json;
import io.drover.secret.SecretReference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;
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

/** The headers that all requests of one session carry, and whether the server still knows the session. */
final class ServerSession {

    private static final String SESSION = "Mcp-Session-Id";
    private static final String VERSION = "MCP-Protocol-Version";
    private static final String LAST_EVENT = "Last-Event-ID";
    private static final String JSON = "application/json";
    private static final int LONGEST_ERROR = 2_000;

    /** How servers say in a 400 that they do not know the session. */
    private static final Pattern NO_SESSION = Pattern.compile("(?i)session|not initialized");

    private final ServerSettings settings;
    private final Credential credential;
    private volatile @Nullable String id;
    private volatile @Nullable String version;

    ServerSession(ServerSettings settings) {
        this.settings = settings;
        this.credential = new Credential(settings);
    }

    /** Whether the server refused a request's credential, and the credential has changed since. */
    boolean isOutdated(HttpUriRequestBase request) throws IOException {
        Header sent = request.getFirstHeader(HttpHeaders.AUTHORIZATION);
        return sent != null && !sent.getValue().equals(credential.value());
    }

    /** Sets the version that both sides agreed on; all further messages name it. */
    void agreed(String agreed) {
        version = agreed;
    }

    HttpPost post(Map<String, Object> message) throws IOException {
        HttpPost post = dressed(new HttpPost(settings.url()));
        post.setHeader(HttpHeaders.ACCEPT, JSON + ", " + EventStream.TYPE);
        post.setEntity(new StringEntity(Json.write(message), ContentType.APPLICATION_JSON));
        return post;
    }

    /** @param lastEvent null for what the server says by itself, or the event after which a stream is read on */
    HttpGet events(@Nullable String lastEvent) throws IOException {
        HttpGet get = dressed(new HttpGet(settings.url()));
        get.setHeader(HttpHeaders.ACCEPT, EventStream.TYPE);
        if (lastEvent != null) {
            get.setHeader(LAST_EVENT, lastEvent);
        }
        return get;
    }

    /** The request that ends the session, or null if there is no session. */
    @Nullable
    HttpDelete end() throws IOException {
        return id == null ? null : dressed(new HttpDelete(settings.url()));
    }

    private <T extends HttpUriRequestBase> T dressed(T request) throws IOException {
        settings.headers().forEach((name, value) -> request.setHeader(name, SecretReference.in(value)));
        String authorization = credential.value();
        if (authorization != null) {
            request.setHeader(HttpHeaders.AUTHORIZATION, authorization);
        }
        if (id != null) {
            request.setHeader(SESSION, id);
        }
        if (version != null) {
            request.setHeader(VERSION, version);
        }
        return request;
    }

    /**
     * Throws if an answer is an error; the first good answer may open the session.
     *
     * @throws ForgottenSessionException when the server says that it does not know the session
     * @throws ServerRefusedException    when it says in the protocol's words that it did not begin
     */
    void check(HttpUriRequestBase request, ClassicHttpResponse answer) throws Exception {
        int status = answer.getCode();
        if (id != null && status == 404) {
            throw new ForgottenSessionException();
        }
        if (status < 200 || status > 299) {
            String text = new String(BoundedHttp.body(request, answer, LONGEST_ERROR), StandardCharsets.UTF_8);
            if (status == 400) { // servers say this, too, where they do not know the session
                if (id != null && NO_SESSION.matcher(text).find() && !ServerFailures.isAboutTheCall(text)) {
                    throw new ForgottenSessionException();
                }
                ServerFailures.refusal(text);
            }
            throw BoundedHttp.failure(answer, settings.origin(), text);
        }
        Header opened = answer.getFirstHeader(SESSION);
        if (id == null && opened != null) {
            id = opened.getValue();
        }
    }
}
