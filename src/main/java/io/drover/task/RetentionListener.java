package io.drover.task;

import io.drover.journal.TaskStatus;

/** Hears what is no longer kept. */
public interface RetentionListener {

    /** The content of tasks that had ended is removed. @param tasks how many */
    void removed(String workflow, TaskStatus outcome, int tasks);

    /** What was left of tasks is deleted. @param tasks how many */
    void forgotten(int tasks);
}
