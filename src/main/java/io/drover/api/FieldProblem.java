package io.drover.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with a request.
 *
 * @param field    where: a parameter, a header, or a path into the body such as {@code $.email}
 * @param value    what was sent, shortened; not for bodies
 * @param problem  what is wrong
 * @param accepted what would be right
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(description = "One thing that is wrong with a request.")
record FieldProblem(String field, @Nullable String value, String problem, @Nullable String accepted) {

    private static final int LONGEST_VALUE = 100;

    static FieldProblem of(String field, @Nullable Object value, String problem, @Nullable String accepted) {
        return new FieldProblem(field, value == null ? null : shown(value.toString()), problem, accepted);
    }

    private static String shown(String value) {
        String printable = value.codePoints()
                .limit(LONGEST_VALUE)
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE ? '\uFFFD' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return value.codePointCount(0, value.length()) > LONGEST_VALUE ? printable + "…" : printable;
    }
}
