package io.drover.guard;

import io.drover.json.GzipStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.apache.hc.client5.http.entity.DeflateInputStream;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;

/** How the body of an answer is compressed. Its length on the wire is not the length of its content. */
final class HttpCodings {

    /** Each costs memory outside the heap and a part of the stack, and takes a few bytes of a header. */
    private static final int MOST = 3;

    private final List<String> inOrder;

    private HttpCodings(List<String> inOrder) {
        this.inOrder = inOrder;
    }

    /** Takes the codings off an answer, whose body is read decoded from then on. */
    static HttpCodings of(ClassicHttpResponse answer) {
        List<String> codings = new ArrayList<>();
        for (Header header : answer.getHeaders(HttpHeaders.CONTENT_ENCODING)) {
            for (String coding : header.getValue().split(",")) {
                String name = coding.strip().toLowerCase(Locale.ROOT);
                if (!name.isEmpty() && !name.equals("identity")) {
                    codings.add(name);
                }
            }
        }
        if (!codings.isEmpty()) {
            answer.removeHeaders(HttpHeaders.CONTENT_ENCODING);
            answer.removeHeaders(HttpHeaders.CONTENT_LENGTH);
        }
        return new HttpCodings(codings);
    }

    boolean isNone() {
        return inOrder.isEmpty();
    }

    /** @throws IOException when there are too many */
    List<String> outermostFirst() throws IOException {
        if (inOrder.size() > MOST) {
            throw new IOException("the answer is compressed %d times; Drover reads what is compressed at most %d times"
                    .formatted(inOrder.size(), MOST));
        }
        List<String> codings = new ArrayList<>(inOrder);
        Collections.reverse(codings);
        return codings;
    }

    static InputStream decoded(String coding, InputStream body) throws IOException {
        return switch (coding) {
            case "gzip", "x-gzip" -> GzipStream.of(body);
            case "deflate" -> new DeflateInputStream(body);
            default ->
                throw new IOException(
                        "the answer has the Content-Encoding '%s'; Drover reads gzip and deflate, so do not ask for others by Accept-Encoding"
                                .formatted(io.drover.json.Excerpt.of(coding, 40)));
        };
    }
}
