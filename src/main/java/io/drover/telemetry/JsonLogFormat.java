package io.drover.telemetry;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.drover.secret.KnownSecrets;
import io.drover.trace.Content;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.event.KeyValuePair;
import org.springframework.boot.json.JsonWriter;
import org.springframework.boot.logging.structured.StructuredLogFormatter;

/**
 * One JSON object a line.
 * SLF4J key-value pairs of a line and the MDC of its thread are members of the object under their own names.
 * The line wins over the thread.
 * Errors may repeat what was sent, so messages leave out what looks like a secret or names a person.
 */
class JsonLogFormat implements StructuredLogFormatter<ILoggingEvent> {

    /** Whatever the origin of the text, a line must fit into the system that collects the log. */
    private static final int LONGEST_TEXT = 8_000;

    private static final int LONGEST_TRACE = 50_000;
    private static final String ERROR_MESSAGE = "error_message";

    /** Names that tracing libraries use, and ours. */
    private static final Map<String, String> RENAMED = Map.of("traceId", "trace_id", "spanId", "span_id");

    private final ThrowableProxyConverter stackTraces = new ThrowableProxyConverter();
    private final JsonWriter<ILoggingEvent> writer = JsonWriter.<ILoggingEvent>of(members -> {
                members.add("timestamp", ILoggingEvent::getInstant);
                members.add("level", event -> event.getLevel().toString());
                members.add("logger", ILoggingEvent::getLoggerName);
                members.add("thread", ILoggingEvent::getThreadName);
                members.add("message", event -> shown(event.getFormattedMessage(), LONGEST_TEXT));
                members.from(JsonLogFormat::fields).usingPairs((fields, pairs) -> fields.forEach(pairs));
                members.add()
                        .whenNotNull(ILoggingEvent::getThrowableProxy)
                        .usingMembers(error ->
                                error.add("stack_trace", event -> shown(stackTraces.convert(event), LONGEST_TRACE)));
            })
            .withNewLineAtEnd();

    JsonLogFormat() {
        stackTraces.start();
    }

    @Override
    public String format(ILoggingEvent event) {
        return writer.writeToString(event);
    }

    private static Map<String, Object> fields(ILoggingEvent event) {
        Map<String, Object> fields = new TreeMap<>();
        event.getMDCPropertyMap().forEach((name, value) -> fields.put(RENAMED.getOrDefault(name, name), known(value)));
        if (event.getThrowableProxy() != null) {
            fields.put("error_type", event.getThrowableProxy().getClassName());
            fields.put(
                    ERROR_MESSAGE,
                    shown(String.valueOf(event.getThrowableProxy().getMessage()), LONGEST_TEXT));
        }
        if (event.getKeyValuePairs() != null) {
            for (KeyValuePair pair : event.getKeyValuePairs()) {
                fields.put(pair.key, value(pair));
            }
        }
        return fields;
    }

    private static Object value(KeyValuePair pair) {
        if (pair.value instanceof Number) {
            return pair.value;
        }
        String text = String.valueOf(pair.value);
        return pair.key.equals(ERROR_MESSAGE) ? shown(text, LONGEST_TEXT) : known(text);
    }

    private static String known(String text) {
        return cut(KnownSecrets.hidden(text), LONGEST_TEXT);
    }

    private static String shown(String text, int longest) {
        return cut(Content.redacted(text), longest);
    }

    private static String cut(String text, int longest) {
        return text.length() <= longest
                ? text
                : text.substring(0, longest) + "… (%d characters)".formatted(text.length());
    }
}
