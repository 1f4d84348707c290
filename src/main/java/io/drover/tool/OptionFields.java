package io.drover.tool;

import java.lang.reflect.Field;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.camel.spi.UriParam;
import org.jspecify.annotations.Nullable;

/** The options that a class declares as fields, so that code which handles all of them cannot forget one. */
final class OptionFields<T> {

    private final Map<String, Field> fields = new LinkedHashMap<>();

    /** @param type its fields with {@link UriParam} are the options; this package must be able to write them */
    OptionFields(Class<T> type) {
        for (Field field : type.getDeclaredFields()) {
            if (field.isAnnotationPresent(UriParam.class)) {
                fields.put(field.getName(), field);
            }
        }
    }

    /** In the order in which they are declared. */
    Set<String> names() {
        return fields.keySet();
    }

    @Nullable
    Object get(T options, String name) {
        try {
            return Objects.requireNonNull(fields.get(name), name).get(options);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sets each option to its value in the first, or to its value in the second if the first has none. */
    void fill(T target, T first, T second) {
        fields.forEach((name, field) -> {
            Object value = get(first, name);
            try {
                field.set(target, value == null ? get(second, name) : value);
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
