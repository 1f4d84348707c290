package io.drover.task;

import io.drover.start.Bounds;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The worker of this process.
 *
 * @param concurrency  concurrent attempts. Defaults to 1000.
 * @param lease        a worker that gives no heartbeat for this long is dead; others take over its tasks.
 *                     Defaults to 10 s.
 * @param heartbeat    how often it gives a heartbeat. Defaults to 3 s.
 * @param poll         how often it looks for tasks without being notified. Defaults to 1 s.
 * @param workflows    the only workflows whose tasks it claims. Defaults to none named, which means all.
 * @param jobWorkflows whether it also claims tasks of workflows with {@code worker: job}, if no workflows are named.
 *                     Defaults to true, because without a dispatcher no other process would claim them.
 * @param exceptWorkflows the workflows whose tasks it leaves to workers that name them, if it names none itself.
 *                     Defaults to none.
 * @param drainTimeout how long running attempts may continue when the process is asked to stop. In its second half an
 *                     attempt is given back at its next call, so that calls of up to half this time are not cut off.
 *                     Defaults to 25 s.
 * @param maxInFlightBytes no task is claimed while the inputs and journals of the running tasks are longer than this.
 *                         Defaults to a twentieth of the heap: reading and writing them takes many times their length.
 */
@ConfigurationProperties("drover.worker")
public record WorkerProperties(
        @DefaultValue("1000") int concurrency,
        @DefaultValue("10s") Duration lease,
        @DefaultValue("3s") Duration heartbeat,
        @DefaultValue("1s") Duration poll,
        @DefaultValue("25s") Duration drainTimeout,
        @DefaultValue Set<String> workflows,
        @DefaultValue("true") boolean jobWorkflows,
        @DefaultValue Set<String> exceptWorkflows,
        @Nullable DataSize maxInFlightBytes) {

    private static final int PART_OF_HEAP = 20;

    /** Whether it works on tasks of this workflow. */
    public boolean claims(WorkflowSpec workflow) {
        return workflows.isEmpty()
                ? (workflow.worker() == WorkerKind.PROCESS || jobWorkflows)
                        && !exceptWorkflows.contains(workflow.name())
                : workflows.contains(workflow.name());
    }

    public WorkerProperties {
        Bounds.of(1, 1_000_000, 1000).check("drover.worker.concurrency", concurrency);
        Bounds.ofTime("1ms", "1d", "10s").check("drover.worker.lease", lease);
        Bounds.ofTime("1ms", "1d", "3s").check("drover.worker.heartbeat", heartbeat);
        Bounds.ofTime("1ms", "1d", "1s").check("drover.worker.poll", poll);
        Bounds.ofTime("0s", "1d", "25s").check("drover.worker.drain-timeout", drainTimeout);
        Bounds.ofSize("1B", "1TB", "64MB").check("drover.worker.max-in-flight-bytes", maxInFlightBytes);
        if (heartbeat.multipliedBy(3).compareTo(lease) > 0) {
            throw new IllegalArgumentException(
                    "drover.worker.heartbeat (%s) must be at most a third of drover.worker.lease (%s)"
                            .formatted(heartbeat, lease));
        }
    }

    @Override
    public DataSize maxInFlightBytes() {
        return maxInFlightBytes != null
                ? maxInFlightBytes
                : DataSize.ofBytes(Runtime.getRuntime().maxMemory() / PART_OF_HEAP);
    }
}
