package io.drover.tool;

import io.drover.json.Schema;
import org.jspecify.annotations.Nullable;

/** What tools say of their results. */
public interface ResultSchemas {

    /** The schema of the tool's results, or null when the tool is unknown here or declares none that can be read. */
    @Nullable
    Schema resultOf(String tool);
}
