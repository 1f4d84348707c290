package io.drover.journal.memory;

import io.drover.Quick;
import io.drover.journal.JournalContract;
import java.time.Clock;
import java.util.UUID;

@Quick
class MemoryJournalTest extends JournalContract {

    @Override
    protected Ports open() {
        MemoryJournal memory = new MemoryJournal(Clock.systemUTC());
        return new Ports(
                UUID.randomUUID(),
                MemoryPorts.queue(() -> memory),
                MemoryPorts.journal(() -> memory),
                MemoryPorts.pendingCalls(() -> memory),
                MemoryPorts.childCalls(() -> memory),
                MemoryPorts.signals(() -> memory),
                MemoryPorts.approvalRequests(() -> memory),
                MemoryPorts.approvals(() -> memory),
                () -> {});
    }
}
