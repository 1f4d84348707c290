package io.drover.guard;

import io.drover.tool.HttpAnswerException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.apache.camel.Exchange;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.entity.DeflateInputStream;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.jspecify.annotations.Nullable;

/**
 * Bounds every answer that Camel's HTTP component reads, of whatever endpoint and status: the bytes that come and the
 * bytes that they inflate to. Inside a tool the limit is its {@code maxResultBytes}, and reading ends with the call.
 */
final class HttpAnswers implements ExecChainHandler {

    static final String NAME = "drover-answers";

    private final long maxOutsideTools;

    HttpAnswers(long maxOutsideTools) {
        this.maxOutsideTools = maxOutsideTools;
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        ClassicHttpResponse answer = chain.proceed(request, scope);
        HttpEntity entity = answer.getEntity();
        if (entity != null) {
            Exchange exchange = Sending.now();
            Try current = exchange == null ? null : Try.find(exchange);
            bound(answer, entity, exchange, new Waiting(current, scope, answer));
        }
        return answer;
    }

    private static void bound(
            ClassicHttpResponse answer, HttpEntity entity, @Nullable Exchange exchange, Waiting waiting) {
        Header encoding = answer.getFirstHeader(HttpHeaders.CONTENT_ENCODING);
        String coding = encoding == null ? "" : encoding.getValue().strip().toLowerCase(Locale.ROOT);
        boolean asItComes = exchange != null && exchange.getProperty(Exchange.SKIP_GZIP_ENCODING, false, Boolean.class);
        boolean inflates = !asItComes && (coding.endsWith("gzip") || coding.equals("deflate"));
        if (inflates) { // Camel would inflate gzip without a limit, and take its length for that of the content
            answer.removeHeaders(HttpHeaders.CONTENT_ENCODING);
            answer.removeHeaders(HttpHeaders.CONTENT_LENGTH);
        }
        answer.setEntity(new Bounded(entity, inflates ? coding : "", waiting));
    }

    private static final class Bounded extends HttpEntityWrapper {

        private final String coding;
        private final Waiting waiting;
        private @Nullable InputStream content;

        Bounded(HttpEntity entity, String coding, Waiting waiting) {
            super(entity);
            this.coding = coding;
            this.waiting = waiting;
        }

        @Override
        public boolean isRepeatable() {
            return false;
        }

        @Override
        public long getContentLength() {
            return coding.isEmpty() ? super.getContentLength() : -1;
        }

        @Override
        public @Nullable String getContentEncoding() {
            return coding.isEmpty() ? super.getContentEncoding() : null;
        }

        @Override
        public InputStream getContent() throws IOException {
            if (content == null) {
                if (super.getContentLength() > waiting.max) {
                    waiting.disconnect();
                    throw waiting.tooLong();
                }
                InputStream body = bounded(super.getContent(), super.getContentLength());
                content = coding.isEmpty() ? body : inflated(body);
            }
            return content;
        }

        private InputStream inflated(InputStream raw) throws IOException {
            try {
                return bounded(coding.equals("deflate") ? new DeflateInputStream(raw) : new GZIPInputStream(raw), -1);
            } catch (IOException e) { // an empty body, say: what it is is not known
                raw.close();
                throw e;
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

        /** An answer that is an error stays that error, however long it is. */
        @Override
        public IOException tooLong() {
            String what = current == null
                    ? "the answer is longer than drover.answers.max-bytes (%d)".formatted(max)
                    : "the answer is longer than %d bytes; raise maxResultBytes of the tool, or request less"
                            .formatted(max);
            if (answer.getCode() >= 300) {
                throw new HttpAnswerException(
                        answer.getCode(),
                        BoundedHttp.headers(answer),
                        scope.route.getTargetHost().toURI(),
                        what);
            }
            return new BodyTooLongException(what);
        }
    }
}
