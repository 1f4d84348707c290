package io.drover.guard;

import org.apache.hc.core5.http.config.Http1Config;

/**
 * The limits of the head of an HTTP answer.
 * Without limits the client would read headers without end.
 */
final class HttpHeads {

    private static final int MOST_HEADERS = 200;
    private static final int LONGEST_LINE = 65_536;

    /** For the connections of every HTTP client of this process. */
    static final Http1Config LIMITS = Http1Config.custom()
            .setMaxHeaderCount(MOST_HEADERS)
            .setMaxLineLength(LONGEST_LINE)
            .build();

    private HttpHeads() {}
}
