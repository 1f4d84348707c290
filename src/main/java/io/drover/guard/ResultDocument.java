package io.drover.guard;

import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drover.json.Json;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/** Writes an object that a tool's steps left as a JSON document, no deeper than documents are read and no longer than the tool allows. */
final class ResultDocument {

    private static final int DEEPEST = 100;

    private static final ObjectMapper MAPPER = mapper();

    private ResultDocument() {}

    private static ObjectMapper mapper() {
        ObjectMapper mapper = Json.mapper();
        mapper.getFactory()
                .setStreamWriteConstraints(StreamWriteConstraints.builder()
                        .maxNestingDepth(DEEPEST)
                        .build());
        return mapper;
    }

    /** @throws ResultException when it is too long, too deep, or not data */
    static String of(Object body, int maxBytes) {
        StringWriter written = new StringWriter();
        try {
            MAPPER.writeValue(new Limited(written, maxBytes), body);
        } catch (IOException | RuntimeException e) {
            for (Throwable t = e; t != null; t = t.getCause()) {
                if (t instanceof TooLongException) {
                    throw tooLong(maxBytes);
                }
            }
            throw new ResultException(
                    "the result, a %s, cannot be written as JSON%s: %s; make the tool's steps return text, a map or a list"
                            .formatted(body.getClass().getName(), where(e), reason(e)));
        }
        // An unpaired surrogate has no place in UTF-8: it becomes a question mark here, before anybody has seen it.
        byte[] bytes = written.toString().getBytes(StandardCharsets.UTF_8);
        check(bytes.length, maxBytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static void check(long bytes, int maxBytes) {
        if (bytes > maxBytes) {
            throw tooLong(maxBytes);
        }
    }

    private static ResultException tooLong(int maxBytes) {
        return new ResultException(
                "the result is longer than %d bytes; raise maxResultBytes of the tool, or make it return less"
                        .formatted(maxBytes));
    }

    /** The way to the value, as in {@code at [0].owner}; a thing that holds itself has a long one. */
    private static String where(Exception e) {
        if (!(e instanceof JsonMappingException mapping) || mapping.getPath().isEmpty()) {
            return "";
        }
        StringBuilder path = new StringBuilder(" at ");
        mapping.getPath().stream().limit(5).forEach(step -> {
            if (step.getFieldName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.length() > 4 ? "." : "").append(step.getFieldName());
            }
        });
        return mapping.getPath().size() > 5 ? path + "…" : path.toString();
    }

    private static String reason(Exception e) {
        return e instanceof JsonMappingException mapping ? mapping.getOriginalMessage() : FailureText.of(e);
    }

    /** Ends the writing where it becomes too long, so that an endless iterator ends, too. */
    private static final class Limited extends Writer {

        private final StringWriter to;
        private final int most;

        Limited(StringWriter to, int most) {
            this.to = to;
            this.most = most;
        }

        @Override
        public void write(char[] text, int from, int length) throws IOException {
            if (to.getBuffer().length() + (long) length > most) {
                throw new TooLongException();
            }
            to.write(text, from, length);
        }

        @Override
        public void flush() {
            // it is in memory
        }

        @Override
        public void close() {
            // it is in memory
        }
    }

    private static final class TooLongException extends IOException {}
}
