package io.drover.fuzz;

import io.drover.FaultyServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/** An HTTP/1.1 answer that begins as a good one and is spoilt in some places by chance. */
record RandomAnswer(byte[] bytes) implements FaultyServer.Answer {

    private static final List<Integer> STATUSES =
            List.of(200, 200, 200, 201, 204, 206, 301, 304, 400, 401, 404, 409, 422, 429, 500, 503, 999, 7);
    private static final List<String> TYPES = List.of(
            "application/json",
            "application/json",
            "text/plain; charset=ISO-8859-1",
            "text/plain; charset=none",
            "application/octet-stream",
            "text/event-stream",
            "application/x-ndjson",
            ";;;",
            "application/json; charset=\"utf-16\"");
    private static final List<String> ODD_HEADERS = List.of(
            "Retry-After: 999999999999",
            "Retry-After: yesterday",
            "Content-Range: bytes 0-",
            "Set-Cookie: a=b; expires=never",
            "Location: http://[::",
            "CamelHttpUri: http://127.0.0.1:1/",
            "X:",
            ": x",
            "Transfer-Encoding: gzip, chunked",
            "Content-Encoding: br",
            "Date: \u00ff");

    static RandomAnswer of(Random random, byte[] good) {
        byte[] body = spoilt(random, good);
        StringBuilder head = new StringBuilder("HTTP/1.1 %d X\r\n".formatted(any(random, STATUSES)));
        head.append("Content-Type: ").append(any(random, TYPES)).append("\r\n");
        while (random.nextInt(4) == 0) {
            head.append(any(random, ODD_HEADERS)).append("\r\n");
        }
        body = encoded(random, body, head);
        if (random.nextInt(4) == 0) {
            head.append("Transfer-Encoding: chunked\r\n\r\n");
            body = chunked(random, body);
        } else {
            int length = random.nextInt(6) == 0 ? body.length + random.nextInt(20) - 10 : body.length;
            head.append("Content-Length: ").append(length).append("\r\n\r\n");
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        all.writeBytes(body);
        return new RandomAnswer(all.toByteArray());
    }

    private static byte[] encoded(Random random, byte[] body, StringBuilder head) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try {
            switch (random.nextInt(8)) {
                case 0 -> {
                    head.append("Content-Encoding: gzip\r\n");
                    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
                        out.write(body);
                    }
                }
                case 1 -> {
                    head.append("Content-Encoding: deflate\r\n");
                    try (DeflaterOutputStream out = new DeflaterOutputStream(packed)) {
                        out.write(body);
                    }
                }
                case 2 -> {
                    head.append("Content-Encoding: gzip\r\n");
                    packed.writeBytes(body); // it is not
                }
                default -> packed.writeBytes(body);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return random.nextInt(10) == 0 ? spoilt(random, packed.toByteArray()) : packed.toByteArray();
    }

    private static byte[] chunked(Random random, byte[] body) {
        String size = random.nextInt(8) == 0 ? "ffffffffffff" : Integer.toHexString(body.length);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes((size + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(body);
        out.writeBytes("\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    /** A document with some bytes changed, cut off, or put in: often one that means something to a parser. */
    static byte[] spoilt(Random random, byte[] good) {
        byte[] bytes = good;
        for (int n = random.nextInt(4); n > 0 && bytes.length > 0; n--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes = Arrays.copyOf(bytes, at);
                case 1 -> {
                    bytes = bytes.clone();
                    bytes[at] = (byte) random.nextInt(256);
                }
                default -> bytes = inserted(bytes, at, any(random, PIECES));
            }
        }
        return bytes;
    }

    private static final List<String> PIECES = List.of(
            "1e30000000",
            "-1E-999999999",
            "18446744073709551617.0",
            "\\ud800",
            "\\u0000",
            "\"a\":1,\"a\":2,",
            "null",
            "\"\"",
            "{}",
            "[".repeat(1_500),
            "9".repeat(5_000),
            "a".repeat(120_000),
            "}",
            "\"",
            "\uFEFF",
            "\n",
            "NaN");

    private static byte[] inserted(byte[] bytes, int at, String piece) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, at);
        out.writeBytes(piece.getBytes(StandardCharsets.UTF_8));
        out.write(bytes, at, bytes.length - at);
        return out.toByteArray();
    }

    private static <T> T any(Random random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    @Override
    public void write(java.io.OutputStream out) throws IOException {
        out.write(bytes);
        out.flush();
        throw new IOException("the connection is closed, so that what is left of this answer is not read as the next");
    }
}
