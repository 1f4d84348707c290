package io.drover.journal;

/**
 * What a worker has room for.
 *
 * @param tasks how many tasks
 * @param bytes of inputs and journals: tasks are taken as long as those before them leave room, the last one whole
 * @param lost  how many tasks whose last worker died while it ran them
 * @param alone whether no such task runs here, so that one whose last two workers died may
 */
public record Room(int tasks, long bytes, int lost, boolean alone) {

    /** For so many tasks, whatever they are. */
    public static Room of(int tasks) {
        return new Room(tasks, Long.MAX_VALUE, tasks, true);
    }

    /** The same, but for no task whose last worker died. */
    public Room withoutLost() {
        return new Room(tasks, bytes, 0, false);
    }
}
