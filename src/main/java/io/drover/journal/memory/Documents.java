package io.drover.journal.memory;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.json.Json;

/** JSON documents that have been checked when they came in. */
final class Documents {

    private Documents() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static JsonNode tree(String document) {
        try {
            return Json.parse(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a document that is stored is not JSON", e);
        }
    }

    /** Whether both say the same, however they are written. */
    static boolean same(String one, String other) {
        return Json.canonical(tree(one)).equals(Json.canonical(tree(other)));
    }
}
