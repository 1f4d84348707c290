package io.drover.api;

import io.drover.journal.TaskStatus;
import java.util.Locale;
import org.springframework.core.convert.converter.Converter;
import org.springframework.stereotype.Component;

/** Reads a status exactly; Spring's own converter would ignore what it does not know, and take nothing for no filter. */
@Component
class TaskStatusParameter implements Converter<String, TaskStatus> {

    @Override
    public TaskStatus convert(String text) {
        return TaskStatus.valueOf(text.toUpperCase(Locale.ROOT));
    }
}
