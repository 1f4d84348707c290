package io.drover.component;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.task.InvalidTaskException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** That a task may not be submitted, or a signal not sent, as a record says it, so that it is heard again in the same words. */
final class Refusals {

    private static final String INVALID = "invalidTask";
    private static final String CHILD = "refusedChild";
    private static final String SUMMARY = "summary";
    private static final String PROBLEMS = "problems";

    private Refusals() {}

    /** What is recorded, or null for any other failure. */
    static @Nullable ObjectNode heard(RuntimeException failure) {
        ObjectNode heard = JsonNodeFactory.instance.objectNode();
        return switch (failure) {
            case InvalidTaskException invalid -> {
                heard.put(INVALID, invalid.reason().name()).put(SUMMARY, invalid.summary());
                ArrayNode problems = heard.putArray(PROBLEMS);
                invalid.problems().forEach(problems::add);
                yield heard;
            }
            case ChildRefusedException refused -> heard.put(CHILD, refused.getMessage());
            default -> null;
        };
    }

    /** The same failure again. */
    static RuntimeException again(JsonNode heard) {
        if (heard.has(CHILD)) {
            return new ChildRefusedException(heard.path(CHILD).asText());
        }
        List<String> problems = new ArrayList<>();
        heard.path(PROBLEMS).forEach(problem -> problems.add(problem.asText()));
        return new InvalidTaskException(
                InvalidTaskException.Reason.valueOf(heard.path(INVALID).asText()),
                heard.path(SUMMARY).asText(),
                problems);
    }
}
