package io.drover.manage;

import io.drover.json.Excerpt;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.logging.LoggersEndpoint;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggerGroups;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.lang.Nullable;
import org.springframework.stereotype.Component;

/**
 * The levels of loggers, as Spring Boot's endpoint sets them; who sets one is recorded. Spring Boot knows a parameter that may be
 * absent by an annotation of Spring's.
 */
@Component
class RecordedLevels extends LoggersEndpoint {

    private final RecordedOperations operations;

    RecordedLevels(LoggingSystem system, LoggerGroups groups, RecordedOperations operations) {
        super(system, groups);
        this.operations = operations;
    }

    @Override
    @WriteOperation
    public void configureLogLevel(@Selector String name, @Nullable LogLevel configuredLevel) {
        super.configureLogLevel(name, configuredLevel);
        Map<String, String> detail = new LinkedHashMap<>();
        detail.put("logger", Excerpt.of(name));
        detail.put("level", configuredLevel == null ? "inherited" : configuredLevel.name());
        operations.record("log-level", List.of(detail));
    }
}
