package io.drover.journal;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What agents that have begun tell and offer their models. A definition is stored once, for all tasks. */
public interface AgentDefinitions {

    /**
     * Keeps a definition under its digest.
     *
     * @param body a JSON document
     * @return completes when it is durable, which it nearly always is already
     */
    CompletableFuture<Void> keep(UUID digest, String body);

    /** The definition that was kept under a digest; null where there is none. */
    CompletableFuture<@Nullable String> find(UUID digest);

    /**
     * Deletes definitions that were last kept longer ago than that, and that no task which may still run refers to.
     *
     * @param age  much longer than a process remembers what it has written
     * @param most at most that number is looked at
     * @return how many were looked at; there may be more if it is {@code most}
     */
    int forget(Duration age, int most);
}
