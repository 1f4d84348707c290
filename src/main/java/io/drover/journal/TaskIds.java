package io.drover.journal;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import io.drover.json.Digest;
import java.util.UUID;

/**
 * Makes ids. A task with a key gets an id that is a digest of workflow and key, so the primary key alone makes a second
 * submission the same task; a second owner who uses the same key gets a digest of workflow, owner and key. A task without
 * a key gets a time-ordered id. All are UUIDs (RFC 9562, versions 8 and 7).
 */
public final class TaskIds {

    private static final NoArgGenerator TIME_ORDERED = Generators.timeBasedEpochGenerator();

    private TaskIds() {}

    /** The id of a task without a key. */
    public static UUID random() {
        return TIME_ORDERED.generate();
    }

    /** The id of the one task of this workflow with this key. */
    public static UUID of(String workflow, String key) {
        return Digest.uuid(workflow, key);
    }

    /**
     * The id of the one task of this workflow with this owner's key, where another owner's task has the id of
     * {@link #of(String, String)}. No key holds a zero byte, so it is never the id of another key.
     */
    public static UUID of(String workflow, String owner, String key) {
        return Digest.uuid(workflow, owner, key);
    }
}
