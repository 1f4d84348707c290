package io.drover.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentLinkedDeque;

/** A blocking keep-alive HTTP/1.1 client on plain sockets: the cheapest there is, for virtual threads. */
final class RawHttp {

    /** Shorter than what servers wait before they close. */
    private static final long MAX_IDLE_NANOS = 5_000_000_000L;

    private static final class Connection {
        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;
        private byte[] buffer = new byte[4096];
        private long usedNanos;

        private Connection(URI to) throws IOException {
            socket = new Socket(to.getHost(), to.getPort());
            socket.setTcpNoDelay(true);
            in = socket.getInputStream();
            out = socket.getOutputStream();
        }
    }

    private final URI to;
    private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();

    private RawHttp(URI to) {
        this.to = to;
    }

    static RawHttp to(String url) {
        return new RawHttp(URI.create(url));
    }

    /**
     * @param headers lines, each ended by CR LF
     * @return the body of a 2xx answer
     */
    String call(String method, String path, String headers, String body) throws IOException {
        Connection connection = connection();
        StringBuilder request = new StringBuilder(512)
                .append(method).append(' ').append(path).append(" HTTP/1.1\r\nHost: bench\r\n").append(headers);
        if (body != null) {
            request.append("Content-Type: application/json\r\nContent-Length: ")
                    .append(body.getBytes(StandardCharsets.UTF_8).length).append("\r\n");
        }
        connection.out.write(request.append("\r\n").append(body == null ? "" : body).toString().getBytes(StandardCharsets.UTF_8));
        String answer = answer(connection);
        connection.usedNanos = System.nanoTime();
        idle.addFirst(connection);
        return answer;
    }

    private Connection connection() throws IOException {
        Connection connection = idle.pollFirst();
        while (connection != null && System.nanoTime() - connection.usedNanos > MAX_IDLE_NANOS) {
            connection.socket.close();
            connection = idle.pollFirst();
        }
        return connection == null ? new Connection(to) : connection;
    }

    private static String answer(Connection c) throws IOException {
        int length = 0;
        int bodyStart = -1;
        int bodyLength = 0;
        while (true) {
            if (length == c.buffer.length) {
                c.buffer = java.util.Arrays.copyOf(c.buffer, 2 * length);
            }
            int read = c.in.read(c.buffer, length, c.buffer.length - length);
            if (read < 0) {
                throw new EOFException("the connection was closed within an answer");
            }
            length += read;
            if (bodyStart < 0) {
                bodyStart = endOfHead(c.buffer, length);
                bodyLength = bodyStart < 0 ? 0 : contentLength(new String(c.buffer, 0, bodyStart, StandardCharsets.ISO_8859_1));
            }
            if (bodyStart >= 0 && bodyLength < 0 && new String(c.buffer, bodyStart, length - bodyStart, StandardCharsets.ISO_8859_1).endsWith("0\r\n\r\n")) {
                return unchunked(new String(c.buffer, bodyStart, length - bodyStart, StandardCharsets.UTF_8));
            }
            if (bodyStart >= 0 && bodyLength >= 0 && length >= bodyStart + bodyLength) {
                return new String(c.buffer, bodyStart, bodyLength, StandardCharsets.UTF_8);
            }
        }
    }

    private static int endOfHead(byte[] buffer, int length) {
        for (int i = 3; i < length; i++) {
            if (buffer[i] == '\n' && buffer[i - 2] == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    /** @return -1 for a chunked body */
    private static int contentLength(String head) throws IOException {
        if (head.startsWith("HTTP/1.1 503")) {
            throw new SocketException("not there yet");
        }
        if (!head.startsWith("HTTP/1.1 2")) {
            throw new IOException(head);
        }
        int at = head.indexOf("Content-Length: ");
        if (at < 0) {
            return head.contains("Transfer-Encoding: chunked") ? -1 : 0;
        }
        return Integer.parseInt(head, at + 16, head.indexOf('\r', at), 10);
    }

    /** Enough for the small answers here: one chunk and the last one. */
    private static String unchunked(String body) {
        int start = body.indexOf("\r\n") + 2;
        return body.substring(start, Math.max(start, body.lastIndexOf("\r\n0\r\n")));
    }
}
