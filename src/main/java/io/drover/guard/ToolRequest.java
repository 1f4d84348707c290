package io.drover.guard;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.journal.Effect;
import io.drover.json.Redaction;
import org.jspecify.annotations.Nullable;

/**
 * A request to a tool.
 *
 * @param arguments an object
 * @param payload   what the tool's steps get beside the arguments and the journal does not hold, see {@link ToolInvocation#payload}
 * @param id        the name of the call that the model gave it which asks for it; null where no model does
 * @param effect    the effect of the call in whose place it is made, or null
 * @param redaction fields that are never stored, beside those that the tool names
 */
public record ToolRequest(
        String tool,
        JsonNode arguments,
        @Nullable Object payload,
        @Nullable String id,
        @Nullable Effect effect,
        Redaction redaction) {

    public ToolRequest(String tool, JsonNode arguments, @Nullable Object payload, @Nullable String id) {
        this(tool, arguments, payload, id, null, Redaction.NONE);
    }

    public ToolRequest(String tool, JsonNode arguments) {
        this(tool, arguments, null, null);
    }

    /** The same of another tool, with the effect of this one. */
    ToolRequest of(String other, @Nullable Effect inherited, Redaction redacted) {
        return new ToolRequest(other, arguments, payload, id, inherited, redacted);
    }

    /** The same, with fields that are never stored. */
    ToolRequest redacting(Redaction fields) {
        return new ToolRequest(tool, arguments, payload, id, effect, redaction.and(fields));
    }

    /** Whether a model asks for the call, which can act on what it hears. */
    boolean isOfModel() {
        return id != null;
    }
}
