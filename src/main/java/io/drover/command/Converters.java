package io.drover.command;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the values of options and parameters; picocli's own converters answer with the names of Java's classes. */
final class Converters {

    private static final Map<Class<?>, ITypeConverter<?>> BY_TYPE = Map.of(
            Duration.class, new Durations(),
            Instant.class, Converters::time,
            UUID.class, Converters::id,
            Integer.class, text -> whole(text, Integer::valueOf),
            int.class, text -> whole(text, Integer::valueOf),
            Long.class, text -> whole(text, Long::valueOf),
            BigDecimal.class, text -> number(text, "a number", BigDecimal::new));

    private Converters() {}

    static CommandLine on(CommandLine command) {
        BY_TYPE.forEach((type, converter) -> register(command, type, converter));
        return SurplusWords.on(command);
    }

    /** The converter of a type, or null for one that Picocli reads. */
    static @Nullable ITypeConverter<?> of(Class<?> type) {
        return BY_TYPE.get(type);
    }

    @SuppressWarnings("unchecked") // the map has each converter under its own type
    private static <T> void register(CommandLine command, Class<T> type, ITypeConverter<?> converter) {
        command.registerConverter(type, (ITypeConverter<T>) converter);
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

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new TypeConversionException("'%s' is not a time, as in 2026-12-01T00:00:00Z".formatted(text));
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
