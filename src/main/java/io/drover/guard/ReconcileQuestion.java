package io.drover.guard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.tool.ToolSpec;

/**
 * The arguments for a {@code reconcile} tool: those of the call that it declares, and {@code idempotencyKey} if it
 * declares that.
 */
final class ReconcileQuestion {

    private ReconcileQuestion() {}

    static JsonNode of(CallIdentity call, ToolSpec reconcile) {
        JsonNode declared = reconcile.arguments().schema().path("properties");
        ObjectNode question = JsonNodeFactory.instance.objectNode();
        call.arguments().properties().forEach(argument -> {
            if (declared.has(argument.getKey())) {
                question.set(argument.getKey(), argument.getValue());
            }
        });
        if (declared.has("idempotencyKey")) {
            question.put("idempotencyKey", call.address().toString());
        }
        return question;
    }
}
