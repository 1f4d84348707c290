package io.drover.journal;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A person approved some calls of a tool in advance.
 *
 * @param definition the digest of the tool's definition; calls of another one are not covered
 * @param condition  in the Simple language, over the arguments; null for all calls
 * @param calls      how many calls it covers
 * @param drawn      how many of them have been made
 * @param sumOf      the argument whose values are added up, or null
 * @param sum        the most that they may add up to, exactly when {@code sumOf} is there
 * @param drawnSum   what they add up to
 * @param until      by the database's clock
 */
public record StandingGrant(
        long id,
        String tool,
        long definition,
        @Nullable String condition,
        int calls,
        int drawn,
        @Nullable String sumOf,
        @Nullable BigDecimal sum,
        BigDecimal drawnSum,
        String reason,
        String who,
        Instant since,
        Instant until) {

    /**
     * A call that it may cover: its condition holds.
     *
     * @param amount of the call, where it adds up; not negative
     */
    public record Draw(long grant, @Nullable BigDecimal amount) {}
}
