package io.drover.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads documents that Drover has recorded: one that cannot be read is a fault of the database, not of a caller. */
public final class Recorded {

    private Recorded() {}

    /**
     * A recorded document as {@link Json#recorded} reads it.
     *
     * @param what names the document in the error
     * @throws IllegalStateException when it is not JSON
     */
    public static @Nullable Object value(String document, Supplier<String> what) {
        try {
            return Json.recorded(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("%s is not JSON: %s".formatted(what.get(), Json.reason(e)), e);
        }
    }

    /** The same as a tree. */
    public static JsonNode tree(String document, Supplier<String> what) {
        return Json.tree(value(document, what));
    }
}
