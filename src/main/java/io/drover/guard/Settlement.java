package io.drover.guard;

import io.drover.tool.ToolOutcome.Origin;
import org.jspecify.annotations.Nullable;

/** How a try came out. */
sealed interface Settlement {

    /** There is a result. */
    record Returned(@Nullable Object value, String document, Origin origin) implements Settlement {}

    /** The steps ended without one, or not in time. */
    record Broke(Failure failure) implements Settlement {}
}
