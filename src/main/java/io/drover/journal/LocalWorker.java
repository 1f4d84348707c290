package io.drover.journal;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The worker of this process, which may take a task at the moment it is stored: it is inserted as claimed, and no claim
 * has to find it.
 */
@Component
public class LocalWorker {

    /** Where a new task may run. One of its methods is called, once. */
    public interface Place {

        /** Digest of the definition that the task will run on. */
        long definition();

        /** The task is stored as this worker's. */
        void begin(ClaimedTask task);

        /** It is not: the place is free again. */
        void giveBack();
    }

    /** A worker that has places for new tasks. */
    public interface Host {

        /** As which the tasks are claimed. */
        UUID worker();

        /** For each task a place that is kept for it, or null where it has to wait in the queue like the others. */
        List<@Nullable Place> keep(List<NewTask> tasks);
    }

    private volatile @Nullable Host host;

    /** The worker takes tasks from now on, or, if null, none any more. */
    public void is(@Nullable Host worker) {
        host = worker;
    }

    @Nullable
    Host host() {
        return host;
    }
}
