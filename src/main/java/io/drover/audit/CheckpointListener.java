package io.drover.audit;

/** Hears of the checkpoints that this process makes. */
@FunctionalInterface
public interface CheckpointListener {

    /**
     * A checkpoint is committed.
     *
     * @param note its text, and the signature where there is a key
     */
    void made(Checkpoint checkpoint, String note);
}
