package io.drover.telemetry;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.drover.secret.KnownSecrets;
import java.util.Objects;
import org.slf4j.LoggerFactory;
import org.springframework.boot.logging.structured.StructuredLogFormatter;

/** Lines for people, as {@code logging.pattern.console} says, without the values of secrets. */
class TextLogFormat implements StructuredLogFormatter<ILoggingEvent> {

    private final PatternLayout layout = new PatternLayout();

    TextLogFormat() {
        LoggerContext loggers = (LoggerContext) LoggerFactory.getILoggerFactory();
        layout.setContext(loggers); // which knows the words of Spring Boot's pattern
        layout.setPattern(Objects.requireNonNull(loggers.getProperty("CONSOLE_LOG_PATTERN")));
        layout.start();
    }

    @Override
    public String format(ILoggingEvent event) {
        return KnownSecrets.hidden(layout.doLayout(event));
    }
}
