package io.drover.guard;

import io.drover.FaultyServer.Answer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;

/** Answers that never end by themselves, and what of them could be written before the reader closed the connection. */
public final class EndlessAnswers {

    /** Where an answer stops, so that a test that fails ends. */
    public static final long ENOUGH = 256L << 20;

    public final AtomicLong bytes = new AtomicLong();
    public final AtomicInteger open = new AtomicInteger();
    public final AtomicInteger closedByReader = new AtomicInteger();

    /** A body without an end, as fast as it goes. */
    public Answer body(int status, String... headers) {
        return counting(out -> {
            head(out, status, headers);
            byte[] piece = "a".repeat(65_536).getBytes(StandardCharsets.US_ASCII);
            while (bytes.get() < ENOUGH) {
                chunk(out, piece);
            }
        });
    }

    /** As body, but of pieces that a reader takes for lines or events. */
    public Answer pieces(String piece, String... headers) {
        byte[] data = piece.getBytes(StandardCharsets.UTF_8);
        return counting(out -> {
            head(out, 200, headers);
            while (bytes.get() < ENOUGH) {
                chunk(out, data);
            }
        });
    }

    /** Some hundred kilobytes that inflate to a gigabyte. */
    public Answer gzip(int status) {
        return gzip(status, "text/plain");
    }

    public Answer gzip(int status, String type) {
        return counting(out -> {
            head(out, status, "Content-Type: " + type, "Content-Encoding: gzip");
            OutputStream chunks = new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    write(new byte[] {(byte) b}, 0, 1);
                }

                @Override
                public void write(byte[] buffer, int offset, int length) throws IOException {
                    chunk(out, Arrays.copyOfRange(buffer, offset, offset + length));
                }
            };
            try (GZIPOutputStream zip = new GZIPOutputStream(chunks, 8192)) {
                byte[] zeros = new byte[1 << 20];
                for (int i = 0; i < 1024; i++) {
                    zip.write(zeros);
                }
            }
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
        });
    }

    /** A byte now and then: each before any limit between two packets is over. */
    public Answer drip(int status) {
        return drip(status, "a", "Content-Type: text/plain");
    }

    /** The same of pieces that a reader takes for lines or events. */
    public Answer drip(int status, String piece, String... headers) {
        return counting(out -> {
            head(out, status, headers);
            drip(out, "%x\r\n%s\r\n".formatted(piece.length(), piece));
        });
    }

    /** The head comes a byte now and then. */
    public Answer slowHead() {
        return counting(out -> {
            out.write("HTTP/1.1 200 OK\r\nX-Slow: ".getBytes(StandardCharsets.US_ASCII));
            drip(out, "a");
        });
    }

    /** Headers without an end. */
    public Answer headers() {
        return counting(out -> {
            out.write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII));
            byte[] header = ("X-Long: " + "a".repeat(1000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            while (bytes.get() < ENOUGH) {
                out.write(header);
                bytes.addAndGet(header.length);
            }
        });
    }

    /** One header without an end. */
    public Answer header() {
        return counting(out -> {
            out.write("HTTP/1.1 200 OK\r\nX-Long: ".getBytes(StandardCharsets.US_ASCII));
            byte[] piece = "a".repeat(65_536).getBytes(StandardCharsets.US_ASCII);
            while (bytes.get() < ENOUGH) {
                out.write(piece);
                bytes.addAndGet(piece.length);
            }
        });
    }

    /** Says that it is long. */
    public Answer announced(long length) {
        return counting(out -> {
            out.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n"
                    .formatted(length)
                    .getBytes(StandardCharsets.US_ASCII));
            byte[] piece = "a".repeat(65_536).getBytes(StandardCharsets.US_ASCII);
            while (bytes.get() < Math.min(length, ENOUGH)) {
                out.write(piece);
                bytes.addAndGet(piece.length);
            }
        });
    }

    private void drip(OutputStream out, String drop) throws Exception {
        for (int i = 0; i < 3_000; i++) {
            out.write(drop.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            Thread.sleep(20);
        }
    }

    private Answer counting(Answer answer) {
        return out -> {
            open.incrementAndGet();
            try {
                answer.write(out);
            } catch (IOException e) {
                closedByReader.incrementAndGet();
                throw e;
            } finally {
                open.decrementAndGet();
            }
        };
    }

    private static void head(OutputStream out, int status, String... headers) throws IOException {
        String head = "HTTP/1.1 %d X\r\nTransfer-Encoding: chunked\r\n".formatted(status)
                + String.join("\r\n", headers)
                + (headers.length == 0 ? "\r\n" : "\r\n\r\n");
        out.write(head.getBytes(StandardCharsets.US_ASCII));
    }

    private void chunk(OutputStream out, byte[] data) throws IOException {
        out.write((Integer.toHexString(data.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.write(data);
        out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        bytes.addAndGet(data.length);
    }
}
