package io.drover.guard;

import org.jspecify.annotations.Nullable;

/** Knows the tools that are still to be loaded: a call of one waits instead of being refused. */
public interface AwaitedTools {

    /** Why a tool is not loaded yet; null if no tool of this name is expected. */
    @Nullable
    String awaited(String tool);
}
