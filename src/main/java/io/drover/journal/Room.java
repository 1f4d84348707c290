package io.drover.journal;

/**
 * The free capacity of a worker.
 *
 * @param tasks how many tasks
 * @param bytes of inputs and journals: tasks are taken while the earlier ones leave room, and the last one is taken
 *              whole
 * @param lost  how many tasks whose last worker died while it ran them
 * @param alone whether no task whose last worker died runs here, so that one whose last two workers died may
 */
public record Room(int tasks, long bytes, int lost, boolean alone) {

    /** Room for this number of tasks, whatever they are. */
    public static Room of(int tasks) {
        return new Room(tasks, Long.MAX_VALUE, tasks, true);
    }

    /** The same, but for no task whose last worker died. */
    public Room withoutLost() {
        return new Room(tasks, bytes, 0, false);
    }
}
