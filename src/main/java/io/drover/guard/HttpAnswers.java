package io.drover.guard;

import io.drover.json.ContentType;
import io.drover.json.TextReader;
import io.drover.tool.HttpAnswerException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.camel.Exchange;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Bounds every answer that Camel's HTTP component reads, of whatever endpoint and status: the bytes that come and the
 * bytes that they inflate to. Inside a tool the limit is its {@code maxResultBytes}, and reading ends with the call.
 */
final class HttpAnswers implements ExecChainHandler {

    static final String NAME = "drover-answers";

    private final long maxOutsideTools;
    private final boolean saysPatience;

    /**
     * @param maxOutsideTools bytes of an answer
     * @param saysPatience    whether the author says how long the next bytes of an answer may take
     */
    HttpAnswers(long maxOutsideTools, boolean saysPatience) {
        this.maxOutsideTools = maxOutsideTools;
        this.saysPatience = saysPatience;
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        Exchange exchange = Sending.now();
        Try current = exchange == null ? null : Try.find(exchange);
        if (current != null && exchange != null) {
            if (!saysPatience) {
                waitAsLongAsTheCall(scope.clientContext);
            }
            current.leaves(exchange); // there is a connection
        }
        ClassicHttpResponse answer = chain.proceed(request, scope);
        if (current != null && exchange != null && SafeRedirects.wasTaken(request, answer)) {
            current.isTaken(exchange);
        }
        HttpEntity entity = answer.getEntity();
        if (entity != null) {
            HttpCodings codings = HttpCodings.of(answer);
            answer.setEntity(new Bounded(entity, codings, new Waiting(current, scope, answer)));
            if (answer.getCode() >= 300) {
                dropUnknownCharset(answer);
            }
        }
        return answer;
    }

    /** The call's timeout cuts the request; until then an answer may take its time, and no timer is needed for each read. */
    private static void waitAsLongAsTheCall(HttpClientContext context) {
        RequestConfig config = context.getRequestConfigOrDefault();
        if (config.getResponseTimeout() == null) {
            context.setRequestConfig(RequestConfig.copy(config)
                    .setResponseTimeout(Timeout.ZERO_MILLISECONDS)
                    .build());
        }
    }

    /** Camel reads the text of an error, and would fail at a charset that is not known: the error is what counts. */
    private static void dropUnknownCharset(ClassicHttpResponse answer) {
        Header type = answer.getFirstHeader(HttpHeaders.CONTENT_TYPE);
        if (type != null && !TextReader.knows(ContentType.of(type.getValue()))) {
            answer.setHeader(
                    HttpHeaders.CONTENT_TYPE, ContentType.of(type.getValue()).type());
        }
    }

    private static final class Bounded extends HttpEntityWrapper {

        private final HttpCodings codings;
        private final Waiting waiting;
        private @Nullable InputStream content;

        Bounded(HttpEntity entity, HttpCodings codings, Waiting waiting) {
            super(entity);
            this.codings = codings;
            this.waiting = waiting;
        }

        @Override
        public boolean isRepeatable() {
            return false;
        }

        @Override
        public long getContentLength() {
            return codings.isNone() ? super.getContentLength() : -1;
        }

        @Override
        public @Nullable String getContentEncoding() {
            return codings.isNone() ? super.getContentEncoding() : null;
        }

        @Override
        public InputStream getContent() throws IOException {
            if (content == null) {
                if (super.getContentLength() > waiting.max) {
                    waiting.disconnect();
                    throw waiting.tooLong();
                }
                InputStream body = bounded(super.getContent(), super.getContentLength());
                content = codings.isNone() ? body : decoded(body);
            }
            return content;
        }

        private InputStream decoded(InputStream raw) throws IOException {
            try {
                InputStream decoded = raw;
                for (String coding : codings.outermostFirst()) {
                    decoded = bounded(HttpCodings.decoded(coding, decoded), -1);
                }
                return decoded;
            } catch (IOException e) { // an empty body, say: what it is is not known
                raw.close();
                throw waiting.unreadable(e);
            }
        }

        private InputStream bounded(InputStream body, long length) {
            return new BoundedBody(body, length, waiting.max, waiting);
        }

        @Override
        public void close() throws IOException {
            getContent().close();
        }
    }

    /** Who waits for an answer, and how much of it they take. */
    private final class Waiting implements BoundedBody.Reader {

        final long max;
        private final @Nullable Try current;
        private final ExecChain.Scope scope;
        private final ClassicHttpResponse answer;

        Waiting(@Nullable Try current, ExecChain.Scope scope, ClassicHttpResponse answer) {
            this.current = current;
            this.scope = scope;
            this.answer = answer;
            this.max = current == null ? maxOutsideTools : current.call().spec().maxResultBytes();
        }

        @Override
        public boolean isGone() {
            return current != null && current.steps().areCut();
        }

        @Override
        public void disconnect() {
            scope.execRuntime.discardEndpoint();
        }

        IOException unreadable(IOException cause) {
            if (answer.getCode() >= 300) {
                throw error(String.valueOf(cause.getMessage()));
            }
            return cause;
        }

        @Override
        public IOException tooLong() {
            String what = current == null
                    ? "the answer is longer than drover.answers.max-bytes (%d)".formatted(max)
                    : "the answer is longer than %d bytes; raise maxResultBytes of the tool, or request less"
                            .formatted(max);
            if (answer.getCode() >= 300) {
                throw error(what);
            }
            return new BodyTooLongException(what);
        }

        /** An answer that is an error stays that error, however long it is, and whatever its text is. */
        private HttpAnswerException error(String what) {
            return new HttpAnswerException(
                    answer.getCode(),
                    BoundedHttp.headers(answer),
                    scope.route.getTargetHost().toURI(),
                    what);
        }
    }
}
