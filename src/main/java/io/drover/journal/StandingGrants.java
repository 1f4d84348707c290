package io.drover.journal;

import io.drover.who.Actor;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Approvals in advance. Giving and revoking one is durable, and in the audit, when it returns. */
public interface StandingGrants {

    /**
     * What a person approves in advance; see {@link StandingGrant}.
     *
     * @param lasting how long it holds
     */
    record Request(
            String tool,
            long definition,
            @Nullable String condition,
            int calls,
            @Nullable String sumOf,
            @Nullable BigDecimal sum,
            Duration lasting,
            String reason) {}

    StandingGrant give(Request request, Actor who);

    /** No call is drawn from it after this has returned. @return what it was, or null where no such grant is in force */
    @Nullable
    StandingGrant revoke(long id, Actor who);

    /**
     * Those that are not revoked, over or used up, the oldest first.
     *
     * @param tool of which, or null for all
     */
    List<StandingGrant> inForce(@Nullable String tool);
}
