package io.drover.erasure;

import java.util.List;
import java.util.UUID;

/** Nothing, or nothing more, is erased: these tasks come first. */
public final class ErasureRefusedException extends RuntimeException {

    private final List<UUID> tasks;

    ErasureRefusedException(String message, List<UUID> tasks) {
        super(message);
        this.tasks = List.copyOf(tasks);
    }

    /** The first of the tasks that keep the person from being erased. */
    public List<UUID> tasks() {
        return tasks;
    }
}
