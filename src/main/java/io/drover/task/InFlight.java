package io.drover.task;

import io.drover.journal.ClaimedTask;
import io.drover.journal.Room;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How much more a worker may claim. Tasks are counted by bytes, too, because memory is what ends a process. Tasks whose
 * last worker died while it ran them are tried with care, because one of them may have caused the death: first one, and
 * after each that has ended here twice as many. A task that was lost twice in a row does not run beside another lost
 * task.
 */
final class InFlight {

    private static final int MOST_LOST = 1 << 16;

    private final long maxBytes;
    private final AtomicInteger lost = new AtomicInteger(1);
    private long usualBytes = 1;

    InFlight(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** @param free how many tasks the worker has places for */
    Room room(Collection<Run> running, int free) {
        long bytes = maxBytes;
        int lostHere = 0;
        boolean aloneHere = false;
        for (Run run : running) {
            bytes -= run.attempt.bytes();
            lostHere += run.attempt.task().lost() > 0 ? 1 : 0;
            aloneHere |= run.attempt.task().lost() > 1;
        }
        // Rows that are looked at and not taken cost, too: hardly more of them than there is room for.
        int tasks = (int) Math.clamp(2 * bytes / usualBytes, 1, free);
        return bytes <= 0
                ? new Room(0, 0, 0, false)
                : new Room(tasks, bytes, aloneHere ? 0 : Math.max(0, lost.get() - lostHere), lostHere == 0);
    }

    /** Learns how long tasks are. */
    void claimed(List<ClaimedTask> tasks) {
        if (!tasks.isEmpty()) {
            long mean = tasks.stream().mapToLong(ClaimedTask::bytes).sum() / tasks.size();
            usualBytes = Math.max(1, mean > usualBytes ? mean : (3 * usualBytes + mean) / 4);
        }
    }

    /** A task has ended here, however, and the process lives. */
    void ended(ClaimedTask task) {
        if (task.lost() > 0) {
            lost.updateAndGet(now -> Math.min(MOST_LOST, now * 2));
        }
    }
}
