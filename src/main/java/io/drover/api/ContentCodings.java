package io.drover.api;

import io.drover.json.Excerpt;
import io.drover.json.GzipStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.apache.hc.client5.http.entity.DeflateInputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/**
 * How the body of a request is compressed.
 *
 * @param inOrder the codings, in the order in which they were applied
 */
record ContentCodings(List<String> inOrder) {

    static final String ACCEPTED = "gzip, deflate";

    static ContentCodings of(HttpServletRequest request) {
        List<String> codings = new ArrayList<>();
        for (String header : Collections.list(request.getHeaders(HttpHeaders.CONTENT_ENCODING))) {
            for (String coding : header.split(",")) {
                String name = coding.strip().toLowerCase(Locale.ROOT);
                if (!name.isEmpty() && !name.equals("identity")) {
                    codings.add(name);
                }
            }
        }
        return new ContentCodings(codings);
    }

    boolean isNone() {
        return inOrder.isEmpty();
    }

    /** The first coding that is not read here, or null. */
    @Nullable
    String unknown() {
        return inOrder.stream()
                .filter(coding -> !List.of("gzip", "x-gzip", "deflate").contains(coding))
                .findFirst()
                .orElse(inOrder.size() > 1 ? String.join(", ", inOrder) : null);
    }

    static ProblemException refusal(String coding) {
        return ProblemException.of(
                HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                "unsupported-media-type",
                "Content-Encoding '%s' is not accepted; send the body as it is, or compressed once by gzip or deflate"
                        .formatted(Excerpt.of(coding, 60)));
    }

    InputStream inflated(InputStream body) throws IOException {
        return inOrder.getFirst().equals("deflate") ? new DeflateInputStream(body) : GzipStream.of(body);
    }
}
