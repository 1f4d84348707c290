package io.drover.manage;

import io.drover.journal.Fleet;
import io.drover.task.Worker;
import org.springframework.jmx.export.annotation.ManagedAttribute;
import org.springframework.jmx.export.annotation.ManagedResource;
import org.springframework.stereotype.Component;

/** This process as a worker. */
@Component
@ManagedResource(objectName = "io.drover:type=Worker", description = "This process as a worker.")
public class ManagedWorker {

    private final Worker worker;
    private final Fleet fleet;

    ManagedWorker(Worker worker, Fleet fleet) {
        this.worker = worker;
        this.fleet = fleet;
    }

    @ManagedAttribute(description = "The name by which the other workers know it.")
    public String getName() {
        return worker.name();
    }

    @ManagedAttribute(description = "Whether it claims tasks.")
    public boolean isClaiming() {
        return worker.isRunning();
    }

    @ManagedAttribute(description = "Attempts that run here now.")
    public int getRunning() {
        return worker.running();
    }

    @ManagedAttribute(description = "The maximum number of concurrent attempts here.")
    public int getConcurrency() {
        return worker.concurrency();
    }

    @ManagedAttribute(description = "Seconds for which the longest-running attempt has run.")
    public double getOldestAttemptSeconds() {
        return worker.longest().toMillis() / 1000.0;
    }

    @ManagedAttribute(description = "Living workers, including this one.")
    public int getFleetSize() {
        return fleet.size();
    }
}
