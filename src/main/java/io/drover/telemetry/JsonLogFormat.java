package io.drover.telemetry;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.drover.trace.Content;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.event.KeyValuePair;
import org.springframework.boot.json.JsonWriter;
import org.springframework.boot.logging.structured.StructuredLogFormatter;

/**
 * One JSON object a line. What a line says beside its message (SLF4J key-value pairs) and what its thread is about (MDC)
 * are members of the object under their own names; the line wins over the thread. Errors may repeat what was sent, so what looks
 * like a secret, or names a person, is left out of messages.
 */
class JsonLogFormat implements StructuredLogFormatter<ILoggingEvent> {

    private static final String ERROR_MESSAGE = "error_message";

    /** Names that tracing libraries use, and ours. */
    private static final Map<String, String> RENAMED = Map.of("traceId", "trace_id", "spanId", "span_id");

    private final ThrowableProxyConverter stackTraces = new ThrowableProxyConverter();
    private final JsonWriter<ILoggingEvent> writer = JsonWriter.<ILoggingEvent>of(members -> {
                members.add("timestamp", ILoggingEvent::getInstant);
                members.add("level", event -> event.getLevel().toString());
                members.add("logger", ILoggingEvent::getLoggerName);
                members.add("thread", ILoggingEvent::getThreadName);
                members.add("message", event -> Content.redacted(event.getFormattedMessage()));
                members.from(JsonLogFormat::fields).usingPairs((fields, pairs) -> fields.forEach(pairs));
                members.add()
                        .whenNotNull(ILoggingEvent::getThrowableProxy)
                        .usingMembers(error ->
                                error.add("stack_trace", event -> Content.redacted(stackTraces.convert(event))));
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
        event.getMDCPropertyMap().forEach((name, value) -> fields.put(RENAMED.getOrDefault(name, name), value));
        if (event.getThrowableProxy() != null) {
            fields.put("error_type", event.getThrowableProxy().getClassName());
            fields.put(
                    ERROR_MESSAGE,
                    Content.redacted(String.valueOf(event.getThrowableProxy().getMessage())));
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
        return pair.key.equals(ERROR_MESSAGE) ? Content.redacted(text) : text;
    }
}
