package io.drover.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.drover.json.Excerpt;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * One mistake in a request.
 *
 * @param field    where: a parameter, a header, or a path into the body such as {@code $.email}
 * @param value    what was sent, shortened; not for bodies
 * @param problem  what is wrong
 * @param accepted what would be right
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(description = "One mistake in a request.")
record FieldProblem(String field, @Nullable String value, String problem, @Nullable String accepted) {

    private static final int LONGEST_VALUE = 100;
    private static final int LONGEST_PROBLEM = 1000;

    static FieldProblem of(String field, @Nullable Object value, String problem, @Nullable String accepted) {
        return new FieldProblem(
                field,
                value == null ? null : Excerpt.of(value.toString(), LONGEST_VALUE),
                Excerpt.of(problem, LONGEST_PROBLEM),
                accepted);
    }
}
