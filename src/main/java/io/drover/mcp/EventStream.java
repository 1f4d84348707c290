package io.drover.mcp;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads server-sent events up to limits: on the bytes of one event, and on those of the whole stream. */
final class EventStream {

    private final InputStream in;
    private final int longestEvent;
    private long left;
    private int eventLeft;
    private boolean afterReturn;

    /** @param longest bytes of the whole stream */
    EventStream(InputStream in, int longestEvent, long longest) {
        this.in = new BufferedInputStream(in);
        this.longestEvent = longestEvent;
        this.left = longest;
    }

    /** The data of the next message, or null at the end. Other events, comments and fields are passed over. */
    @Nullable
    String next() throws IOException {
        StringBuilder data = new StringBuilder();
        boolean message = true;
        eventLeft = longestEvent;
        for (String line = line(); line != null; line = line()) {
            if (line.isEmpty()) {
                if (message && !data.isEmpty() && !data.toString().isBlank()) {
                    return data.toString();
                }
                data.setLength(0);
                message = true;
                eventLeft = longestEvent;
            } else if (line.startsWith("data:")) {
                data.append(data.isEmpty() ? "" : "\n").append(value(line));
            } else if (line.startsWith("event:")) {
                message = value(line).equals("message");
            }
        }
        return message && !data.toString().isBlank() ? data.toString() : null; // SDKs take one that is cut off, too
    }

    private static String value(String line) {
        String value = line.substring(line.indexOf(':') + 1);
        return value.startsWith(" ") ? value.substring(1) : value;
    }

    private @Nullable String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            int b = in.read();
            if (b < 0) {
                return line.size() == 0 ? null : line.toString(StandardCharsets.UTF_8);
            }
            if (--left < 0 || --eventLeft < 0) {
                throw new AnswerTooLongException();
            }
            boolean second = afterReturn && b == '\n'; // of one line end
            afterReturn = b == '\r';
            if (b == '\n' || b == '\r') {
                if (!second) {
                    return line.toString(StandardCharsets.UTF_8);
                }
            } else {
                line.write(b);
            }
        }
    }

    /** A limit is passed. */
    static final class AnswerTooLongException extends IOException {}
}
