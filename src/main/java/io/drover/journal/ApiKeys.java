package io.drover.journal;

import io.drover.who.Actor;
import io.drover.who.Role;
import io.drover.who.Workflows;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The keys of programs. */
public interface ApiKeys {

    /** How many keys of one name may count together: one takes the place of the other. */
    int MOST_OF_A_NAME = 2;

    /**
     * What is asked for.
     *
     * @param lasting until it expires; every key does
     */
    record Request(String name, Set<Role> roles, Workflows workflows, Duration lasting) {}

    /**
     * Makes a key.
     *
     * @param digest of its text, which is not stored
     * @return empty if as many keys of the name count as may
     */
    Optional<ApiKey> make(Request request, byte[] digest, Actor who);

    /** Ends a key. @return empty if there is none that counts */
    Optional<ApiKey> revoke(long id, Actor who);

    /** The keys that count, and those that ended within 30 days; the newest first. */
    List<ApiKey> list();

    /** Whether any key counts. */
    boolean isAnyInForce();

    /** The key with a digest, if it counts. */
    Optional<ApiKey> inForce(byte[] digest);

    /** Writes when keys were used. @param used by id */
    void used(Map<Long, Instant> used);
}
