package io.drover.guard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.json.Excerpt;
import io.drover.tool.ToolOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A step that failed: what it is known by, and what its route hears of it in a later attempt, once it has caught the
 * failure and gone on. The step is a call, runs an agent, submits a task or sends a signal.
 */
public final class FailedStep {

    private static final int LONGEST_SUMMARY = 2000;
    private static final String REFUSED = "refused";
    private static final String INVALID = "invalidArguments";

    private final String name;
    private final @Nullable String document;
    private final @Nullable String arguments;
    private final String message;
    private final ObjectNode heard;
    private UUID address;
    private boolean open;

    private FailedStep(
            String name,
            UUID address,
            @Nullable String document,
            @Nullable String arguments,
            String message,
            ObjectNode heard,
            boolean open) {
        this.name = name;
        this.address = address;
        this.document = document;
        this.arguments = arguments;
        this.message = message;
        this.heard = heard;
        this.open = open;
    }

    /**
     * One that may not be done.
     *
     * @param document  by which it is addressed, and its address has been given back; null where that is its own
     * @param arguments for people, a JSON document
     * @param message   for people
     * @param heard     from which the step makes the failure again
     * @param open      whether nothing is recorded of it
     */
    public static FailedStep refused(
            String name,
            UUID address,
            @Nullable String document,
            String arguments,
            String message,
            ObjectNode heard,
            boolean open) {
        return new FailedStep(name, address, document, arguments, message, heard, open);
    }

    /** A call, or null where its outcome is none that is heard again. */
    static @Nullable FailedStep of(
            String tool,
            UUID address,
            @Nullable String document,
            @Nullable String recorded,
            ToolOutcome outcome,
            boolean open) {
        ObjectNode heard = JsonNodeFactory.instance.objectNode();
        return switch (outcome) {
            case ToolOutcome.Failed failed -> {
                heard.put("message", Excerpt.of(failed.summary(), LONGEST_SUMMARY))
                        .put("permanent", failed.permanent());
                yield new FailedStep(tool, address, document, recorded, failed.summary(), heard, false);
            }
            case ToolOutcome.Refused refused -> {
                heard.put(REFUSED, refused.reason());
                yield new FailedStep(tool, address, document, recorded, "refused: " + refused.reason(), heard, open);
            }
            case ToolOutcome.InvalidArguments invalid -> {
                ArrayNode problems = heard.putArray(INVALID);
                invalid.problems().forEach(problems::add);
                String message = "invalid arguments: " + String.join("; ", invalid.problems());
                yield new FailedStep(tool, address, document, recorded, message, heard, open);
            }
            default -> null;
        };
    }

    /** What the caller of a call hears again. */
    static ToolOutcome outcome(JsonNode heard) {
        if (heard.has(REFUSED)) {
            return new ToolOutcome.Refused(heard.path(REFUSED).asText());
        }
        if (heard.has(INVALID)) {
            List<String> problems = new ArrayList<>();
            heard.path(INVALID).forEach(problem -> problems.add(problem.asText()));
            return new ToolOutcome.InvalidArguments(problems);
        }
        return new ToolOutcome.Failed(
                heard.path("message").asText(), heard.path("permanent").asBoolean(), null);
    }

    /** Whether nothing is recorded of it. */
    boolean isOpen() {
        return open;
    }

    /** Takes an address: its own, or the next where an equal step beside it has that by now. */
    void close(TaskContext context) {
        if (document != null && !context.scope().take(address, name, document)) {
            address = context.nextAddress(name, document);
        }
        open = false;
    }

    String name() {
        return name;
    }

    UUID address() {
        return address;
    }

    String arguments() {
        return Objects.requireNonNull(arguments, "a step that is recorded as refused has arguments");
    }

    String message() {
        return message;
    }

    ObjectNode heard() {
        return heard;
    }
}
