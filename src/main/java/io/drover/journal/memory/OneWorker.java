package io.drover.journal.memory;

import io.drover.journal.Fleet;
import io.drover.journal.Lease;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** The only worker there is: its leases hold, and all rates are its own. */
public final class OneWorker implements Fleet {

    @Override
    public void join(UUID worker, String name, String version) {}

    @Override
    public boolean heartbeat(UUID worker, Duration lease) {
        return true;
    }

    @Override
    public boolean leasesHold() {
        return true;
    }

    @Override
    public void leaving(UUID worker) {}

    @Override
    public void leave(UUID worker) {}

    @Override
    public List<Member> workers() {
        return List.of();
    }

    @Override
    public int size() {
        return 1;
    }

    @Override
    public long lost() {
        return 0;
    }

    @Override
    public boolean isKnown() {
        return true;
    }

    @Override
    public int sharing(Duration period) {
        return 1;
    }

    @Override
    public boolean isItsTurn() {
        return true;
    }

    @Override
    public int takeOver(Duration lease) {
        return 0;
    }

    @Override
    public int returnFromCanary(int limit) {
        return 0;
    }

    @Override
    public int promoteDue(int limit) {
        return 0;
    }

    @Override
    public int wakeReleased(int limit) {
        return 0;
    }

    @Override
    public Set<Lease> held(UUID worker) {
        return Set.of();
    }
}
