package io.drover.guard;

import org.apache.hc.core5.http.config.Http1Config;

/**
 * The limits of the head of an HTTP answer, and the buffers to read it with.
 * Without limits the client would read headers without end.
 */
final class HttpHeads {

    private static final int MOST_HEADERS = 200;
    private static final int LONGEST_LINE = 65_536;

    /**
     * In bytes. Each connection has three, and a process may have 10,000 connections in a heap of some hundred MiB.
     * A longer line makes its buffer grow; a body is read past it.
     */
    private static final int BUFFER = 4096;

    /** For the connections of every HTTP client of this process. */
    static final Http1Config LIMITS = Http1Config.custom()
            .setBufferSize(BUFFER)
            .setMaxHeaderCount(MOST_HEADERS)
            .setMaxLineLength(LONGEST_LINE)
            .build();

    private HttpHeads() {}
}
