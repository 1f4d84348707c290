package io.drover.command;

import java.time.Duration;
import java.util.UUID;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** Reads the values of options and parameters; picocli's own converters answer with the names of Java's classes. */
final class Converters {

    private Converters() {}

    static CommandLine on(CommandLine command) {
        return command.registerConverter(Duration.class, new Durations()).registerConverter(UUID.class, Converters::id);
    }

    private static UUID id(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(
                    "'%s' is not the id of a task, as in 019ab2f4-7c1e-7000-8000-0123456789ab; `tasks -q %s` looks for it"
                            .formatted(text, text));
        }
    }
}
