package io.drover.journal;

import io.drover.who.Role;
import io.drover.who.Workflows;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The key of a program, without its secret.
 *
 * @param name     of the program; it acts as {@link #actor}
 * @param lastUsed some seconds late, or null if it was not used
 */
public record ApiKey(
        long id,
        String name,
        Set<Role> roles,
        Workflows workflows,
        Instant createdAt,
        String createdBy,
        Instant expiresAt,
        @Nullable Instant lastUsed,
        @Nullable Instant revokedAt,
        @Nullable String revokedBy) {

    public ApiKey {
        roles = Set.copyOf(roles);
    }

    /** Whether it counts at a time. */
    public boolean isInForce(Instant time) {
        return revokedAt == null && expiresAt.isAfter(time);
    }

    /** Who acts with it: the same for all keys of a name, and no user's name, because none holds a colon. */
    public String actor() {
        return "key:" + name;
    }
}
