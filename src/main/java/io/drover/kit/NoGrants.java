package io.drover.kit;

import io.drover.journal.StandingGrant;
import io.drover.journal.StandingGrants;
import io.drover.who.Actor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Nothing is approved in advance in a test. */
final class NoGrants implements StandingGrants {

    @Override
    public StandingGrant give(Request request, Actor who) {
        throw new UnsupportedOperationException("a test approves nothing in advance");
    }

    @Override
    public @Nullable StandingGrant revoke(long id, Actor who) {
        return null;
    }

    @Override
    public List<StandingGrant> inForce(@Nullable String tool) {
        return List.of();
    }
}
