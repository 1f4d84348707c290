package io.drover.guard;

import io.drover.secret.KnownSecrets;
import io.drover.secret.SecretReference;
import io.drover.secret.SecretRefusedException;
import io.drover.secret.Secrets;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import org.apache.hc.core5.http.message.BasicHeader;
import org.jspecify.annotations.Nullable;

/**
 * Puts the values of secrets into a request as the last step before it is sent: into headers, the path and the query,
 * and the password of HTTP Basic. When it comes back they are taken out again. Bodies are never touched.
 * A request that was refused (401) is sent once more if a secret of it has changed meanwhile.
 */
final class OutgoingSecrets implements ExecChainHandler {

    private static final String NAME = "drover-secrets";
    private static final String BASIC = "Basic ";
    private static final int UNAUTHORIZED = 401;

    /** Bytes of a body that is a stream; a longer one is not sent again. */
    private static final int MOST_KEPT = 1 << 18;

    private final Secrets secrets;
    private final boolean onlyInTools;

    /** @param onlyInTools whether it is the client of routes, where secrets belong to the steps of tools */
    OutgoingSecrets(Secrets secrets, boolean onlyInTools) {
        this.secrets = secrets;
        this.onlyInTools = onlyInTools;
    }

    /** Has a client ask for each request, behind {@link EgressCheck} where that is added before. */
    HttpClientBuilder on(HttpClientBuilder client) {
        return client.addExecInterceptorBefore(ChainElement.CONNECT.name(), NAME, this);
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        Header[] headers = request.getHeaders();
        String path = request.getPath();
        if (!isReference(path) && Arrays.stream(headers).noneMatch(header -> isReference(plain(header)))) {
            return chain.proceed(request, scope);
        }
        check(request, scope);
        try {
            Written first = written(headers, path);
            first.putInto(request);
            request.setEntity(repeatable(request.getEntity()));
            ClassicHttpResponse answer = chain.proceed(request, scope);
            if (answer.getCode() != UNAUTHORIZED || !isRepeatable(request)) {
                return answer;
            }
            Written now = written(headers, path);
            if (now.equals(first)) {
                return answer;
            }
            answer.close(); // together with its connection: nothing of it is read
            now.putInto(request);
            return chain.proceed(request, scope);
        } finally {
            request.setHeaders(headers);
            request.setPath(path);
        }
    }

    /** Keeps a short body: one that is a stream says that it is repeatable until it is read. */
    private static @Nullable HttpEntity repeatable(@Nullable HttpEntity entity) throws IOException {
        if (entity == null || entity.getContentLength() > MOST_KEPT) {
            return entity;
        }
        InputStream content = entity.getContent();
        byte[] begin = content.readNBytes(MOST_KEPT + 1);
        ContentType type = ContentType.parseLenient(entity.getContentType());
        if (begin.length <= MOST_KEPT) {
            content.close();
            return new ByteArrayEntity(begin, type, entity.getContentEncoding(), entity.isChunked());
        }
        InputStream whole = new SequenceInputStream(new ByteArrayInputStream(begin), content);
        return new InputStreamEntity(whole, entity.getContentLength(), type, entity.getContentEncoding());
    }

    private static boolean isRepeatable(ClassicHttpRequest request) {
        return request.getEntity() == null || request.getEntity().isRepeatable();
    }

    /** @throws SecretRefusedException where a secret may not go */
    private void check(ClassicHttpRequest request, ExecChain.Scope scope) throws SecretRefusedException {
        Exchange exchange = Sending.now();
        if (onlyInTools && (exchange == null || Try.find(exchange) == null)) {
            throw new SecretRefusedException(
                    "a secret leaves the process only in a tool's steps; put the request into a route from: tool:<name>");
        }
        HttpHost target = scope.route.getTargetHost();
        boolean isRedirect =
                scope.clientContext.getRedirectLocations().size() > 0; // the client forgets them before each request
        if (!isRedirect) {
            scope.clientContext.setAttribute(NAME, target);
        } else if (!target.equals(scope.clientContext.getAttribute(NAME))) {
            throw new SecretRefusedException(
                    "a redirect leads to another host, which must not hear the secret; set the new URL in the tool");
        }
    }

    private static boolean isReference(@Nullable String text) {
        return text != null && SecretReference.isIn(text);
    }

    /** A header's value; that of HTTP Basic without base64 (RFC 7617). */
    private static String plain(Header header) {
        String value = header.getValue() == null ? "" : header.getValue();
        return isBasic(header) ? decoded(value.substring(BASIC.length())) : value;
    }

    private static boolean isBasic(Header header) {
        String value = header.getValue();
        return value != null
                && header.getName().equalsIgnoreCase("Authorization")
                && value.regionMatches(true, 0, BASIC, 0, BASIC.length())
                && !SecretReference.isIn(value);
    }

    private static String decoded(String base64) {
        try {
            return new String(Base64.getDecoder().decode(base64.strip()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) { // not by a client of ours
            return "";
        }
    }

    /** What is sent. */
    private record Written(List<String> values, Header[] headers, String path) {

        void putInto(ClassicHttpRequest request) {
            request.setHeaders(headers);
            request.setPath(path);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Written written && values.equals(written.values) && path.equals(written.path);
        }

        @Override
        public int hashCode() {
            return values.hashCode();
        }

        /** Nothing of it belongs into a text. */
        @Override
        public String toString() {
            return "a request with secrets";
        }
    }

    private Written written(Header[] headers, String path) throws IOException {
        Header[] written = headers.clone();
        for (int i = 0; i < headers.length; i++) {
            String plain = plain(headers[i]);
            if (isReference(plain)) {
                String value = secrets.resolved(plain, secret -> secret);
                written[i] = new BasicHeader(
                        headers[i].getName(), isBasic(headers[i]) ? basic(value) : checked(headers[i], value), true);
            }
        }
        return new Written(
                Arrays.stream(written).map(Header::getValue).toList(),
                written,
                isReference(path) ? secrets.resolved(path, KnownSecrets::inUrl) : path);
    }

    private static String basic(String userAndPassword) {
        String carrier = Base64.getEncoder().encodeToString(userAndPassword.getBytes(StandardCharsets.UTF_8));
        KnownSecrets.addCarrier("of-basic-login", carrier);
        return BASIC + carrier;
    }

    /** @throws SecretRefusedException when a header cannot carry it (RFC 9110, section 5.5) */
    private static String checked(Header header, String value) throws SecretRefusedException {
        if (value.chars().anyMatch(c -> c < ' ' || c > '~')) {
            throw new SecretRefusedException(
                    "the secret in the header %s has characters that a header cannot carry; only printable ASCII can"
                            .formatted(header.getName()));
        }
        return value;
    }
}
