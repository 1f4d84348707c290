package io.drover.guard;

import io.drover.json.Recorded;
import io.drover.json.Redaction;
import io.drover.tool.ToolOutcome.Origin;
import org.jspecify.annotations.Nullable;

/** How a try came out. */
sealed interface Settlement {

    /** There is a result. */
    record Returned(@Nullable Object value, String document, Origin origin) implements Settlement {

        /** The same, with a mark in the place of some fields. */
        Returned without(Redaction fields) {
            if (fields.isNone()) {
                return this;
            }
            String kept = fields.in(document);
            return new Returned(Recorded.value(kept, () -> "a redacted result"), kept, origin);
        }
    }

    /** The steps ended without one, or not in time. */
    record Broke(Failure failure) implements Settlement {}
}
