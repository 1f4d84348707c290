package io.drover.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drover.Quick;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

@Quick
class JsonLogFormatTest {

    private final LoggerContext loggers = new LoggerContext();

    @Test
    void writesOneObjectALineWithTheFixedNames() throws Exception {
        LoggingEvent event = event(new IllegalStateException("it \"broke\"\nhere"));
        event.setMDCPropertyMap(Map.of("task_id", "7", "workflow", "greet", "traceId", "abc", "span_id", "def"));
        event.addKeyValuePair(new KeyValuePair("retry_count", 2));
        event.addKeyValuePair(new KeyValuePair("error_type", "ToolFailed"));

        String line = new JsonLogFormat().format(event);

        assertThat(line).endsWith("}\n");
        assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
        JsonNode json = new ObjectMapper().readTree(line);
        assertThat(json.get("task_id").asText()).isEqualTo("7");
        assertThat(json.get("workflow").asText()).isEqualTo("greet");
        assertThat(json.get("trace_id").asText()).isEqualTo("abc");
        assertThat(json.get("span_id").asText()).isEqualTo("def");
        assertThat(json.get("retry_count").asInt()).isEqualTo(2);
        assertThat(json.get("error_type").asText()).isEqualTo("ToolFailed");
        assertThat(json.get("error_message").asText()).isEqualTo("it \"broke\"\nhere");
        assertThat(json.get("stack_trace").asText()).contains("JsonLogFormatTest");
        assertThat(json.get("message").asText()).isEqualTo("hello world");
        assertThat(json.get("level").asText()).isEqualTo("WARN");
        assertThat(json.get("timestamp").asText()).isNotBlank();
    }

    @Test
    void aLineIsBoundedWhateverItRepeats() throws Exception {
        LoggingEvent event = event(new IllegalStateException("Duplicate field '" + "x".repeat(100_000) + "'"));
        event.setMDCPropertyMap(Map.of("workflow", "w".repeat(100_000)));
        event.addKeyValuePair(new KeyValuePair("key", "9".repeat(100_000)));

        JsonNode json = new ObjectMapper().readTree(new JsonLogFormat().format(event));

        assertThat(json.get("error_message").asText()).hasSizeLessThan(8_100).endsWith("… (100018 characters)");
        assertThat(json.get("workflow").asText()).hasSizeLessThan(8_100);
        assertThat(json.get("key").asText()).hasSizeLessThan(8_100);
        assertThat(json.get("stack_trace").asText()).hasSizeLessThan(50_100);
    }

    @Test
    void leavesOutWhatThereIsNot() throws Exception {
        JsonNode json = new ObjectMapper().readTree(new JsonLogFormat().format(event(null)));

        assertThat(json.has("task_id")).isFalse();
        assertThat(json.has("stack_trace")).isFalse();
    }

    JsonLogFormatTest() {
        loggers.setMDCAdapter(new LogbackMDCAdapter());
    }

    private LoggingEvent event(Throwable thrown) {
        LoggingEvent event = new LoggingEvent(
                "x", loggers.getLogger("io.drover.test"), Level.WARN, "hello {}", thrown, new Object[] {"world"});
        return event;
    }
}
