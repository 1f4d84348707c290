package io.drover.kit;

import io.drover.hold.Hold;
import io.drover.hold.Holds;
import io.drover.who.Actor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Nothing is held in a test. */
final class NoHolds implements Holds {

    @Override
    public Set set(Request request, Actor who) {
        throw new UnsupportedOperationException("a test holds nothing");
    }

    @Override
    public @Nullable Hold release(long id, Actor who) {
        return null;
    }

    @Override
    public List<Hold> inForce() {
        return List.of();
    }

    @Override
    public int expire() {
        return 0;
    }
}
