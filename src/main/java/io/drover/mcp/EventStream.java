package io.drover.mcp;

import io.drover.json.ContentType;
import io.drover.json.TextReader;
import io.drover.json.UnreadableTextException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/** Reads server-sent events, with limits on the bytes of one event and of the whole stream. */
final class EventStream {

    static final String TYPE = "text/event-stream";

    /** Not XML or HTML, so that no line is searched for a charset that it declares. */
    private static final ContentType EVENTS = new ContentType(TYPE, null);

    /** A longer one would not go into a header. */
    private static final int LONGEST_ID = 1_000;

    private final InputStream in;
    private final int longestEvent;
    private long left;
    private int eventLeft;
    private boolean afterReturn;
    private boolean cutOff;
    private @Nullable String lastId;
    private @Nullable Long retryMs;

    /** @param longest bytes of the whole stream */
    EventStream(InputStream in, int longestEvent, long longest) {
        this.in = new BufferedInputStream(in);
        this.longestEvent = longestEvent;
        this.left = longest;
    }

    /** Whether an answer consists of events. */
    static boolean isOn(ClassicHttpResponse answer) {
        Header type = answer.getFirstHeader(HttpHeaders.CONTENT_TYPE);
        return answer.getEntity() != null
                && type != null
                && type.getValue().toLowerCase(Locale.ROOT).startsWith(TYPE);
    }

    /** The id of the last event that came whole, or null when none had one. */
    @Nullable
    String lastId() {
        return lastId;
    }

    /** How long the server wants a client to wait before it connects again; null when it did not say. */
    @Nullable
    Long retryMs() {
        return retryMs;
    }

    /** Whether the stream ended within an event. */
    boolean isCutOff() {
        return cutOff;
    }

    /** How many bytes it may still bring. */
    long left() {
        return left;
    }

    /** The data of the next message, or null at the end. Other events, comments and fields are passed over. */
    @Nullable
    String next() throws IOException {
        StringBuilder data = new StringBuilder();
        boolean message = true;
        String id = lastId;
        eventLeft = longestEvent;
        for (String line = line(); line != null; line = line()) {
            if (line.isEmpty()) {
                lastId = id;
                if (message && !data.isEmpty() && !data.toString().isBlank()) {
                    return data.toString();
                }
                data.setLength(0);
                message = true;
                eventLeft = longestEvent;
            } else if (line.startsWith("data:")) {
                data.append(data.isEmpty() ? "" : "\n").append(value(line));
            } else if (line.startsWith("event:")) {
                message = value(line).isEmpty() || value(line).equals("message");
            } else if (line.startsWith("id:") && value(line).length() <= LONGEST_ID) {
                id = value(line);
            } else if (line.startsWith("retry:")) {
                retryMs = milliseconds(value(line));
            }
        }
        cutOff = !data.isEmpty();
        return message && !data.toString().isBlank() ? data.toString() : null; // SDKs take one that is cut off, too
    }

    private @Nullable Long milliseconds(String value) {
        boolean number =
                !value.isEmpty() && value.length() <= 9 && value.chars().allMatch(Character::isDigit);
        return number ? Long.valueOf(value) : retryMs;
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
                return line.size() == 0 ? null : text(line);
            }
            if (--left < 0 || --eventLeft < 0) {
                throw new AnswerTooLongException();
            }
            boolean second = afterReturn && b == '\n'; // of one line end
            afterReturn = b == '\r';
            if (b == '\n' || b == '\r') {
                if (!second) {
                    return text(line);
                }
            } else {
                line.write(b);
            }
        }
    }

    /** A line in UTF-8, the only encoding of events; the first one may begin with a byte order mark. */
    private static String text(ByteArrayOutputStream line) throws UnreadableTextException {
        return line.size() == 0 ? "" : TextReader.read(line.toByteArray(), EVENTS);
    }

    /** A limit is passed. */
    static final class AnswerTooLongException extends IOException {}
}
