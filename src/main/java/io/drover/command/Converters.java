package io.drover.command;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** Reads the values of options and parameters; picocli's own converters answer with the names of Java's classes. */
final class Converters {

    private Converters() {}

    static CommandLine on(CommandLine command) {
        return command.registerConverter(Duration.class, new Durations())
                .registerConverter(UUID.class, Converters::id)
                .registerConverter(Integer.class, text -> whole(text, Integer::valueOf))
                .registerConverter(int.class, text -> whole(text, Integer::valueOf))
                .registerConverter(Long.class, text -> whole(text, Long::valueOf))
                .registerConverter(BigDecimal.class, text -> number(text, "a number", BigDecimal::new));
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

    private static <N> N whole(String text, Function<String, N> read) {
        return number(text, "a whole number, or is too large", read);
    }

    private static <N> N number(String text, String wanted, Function<String, N> read) {
        try {
            return read.apply(text);
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'%s' is not %s".formatted(text, wanted));
        }
    }
}
