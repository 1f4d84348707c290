package io.drover.task;

import io.drover.hold.Hold;
import io.drover.hold.HoldsInForce;
import io.drover.journal.Wakeups;
import java.util.List;
import org.springframework.stereotype.Component;

/** The worker looks for tasks again when a hold is released. */
@Component
class HoldWakeups implements HoldsInForce.Listener {

    private final Wakeups wakeups;

    HoldWakeups(Wakeups wakeups) {
        this.wakeups = wakeups;
    }

    @Override
    public void changed(List<Hold> inForce) {
        wakeups.wake();
    }
}
