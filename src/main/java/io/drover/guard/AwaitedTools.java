package io.drover.guard;

import org.jspecify.annotations.Nullable;

/** Knows of tools that are not here yet and are to come: a call of one waits instead of being refused. */
public interface AwaitedTools {

    /** Why a tool is not here yet, or null when none of this name is awaited. */
    @Nullable
    String awaited(String tool);
}
