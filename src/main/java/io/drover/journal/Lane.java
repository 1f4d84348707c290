package io.drover.journal;

/**
 * Where a task waits for a worker: its track, and its workflow's version. The column {@code track} holds both, as in
 * {@code stable} for the first version and {@code stable@2} for the second, so a claim finds the tasks of one version by the index
 * that it has, and a worker of an earlier release, which knows no versions, finds none of later ones.
 *
 * @param track   {@code stable} or {@code canary}
 * @param version of the workflow, from 1
 */
record Lane(String track, int version) {

    /** The version, from the column of the table {@code task}. */
    static final String VERSION_OF_TRACK = "coalesce(nullif(split_part(track, '@', 2), '')::int, 1)";

    private static final char BEFORE_VERSION = '@';

    /** From the column. */
    static Lane of(String stored) {
        int at = stored.indexOf(BEFORE_VERSION);
        return at < 0
                ? new Lane(stored, 1)
                : new Lane(stored.substring(0, at), Integer.parseInt(stored.substring(at + 1)));
    }

    /** What follows the track in the column; nothing for the first version. */
    static String suffix(int version) {
        return version == 1 ? "" : BEFORE_VERSION + Integer.toString(version);
    }

    /** As in the column. */
    @Override
    public String toString() {
        return track + suffix(version);
    }
}
