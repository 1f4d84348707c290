package io.drover.journal;

import java.time.Duration;

/** The effect keys that calls have taken. */
public interface EffectKeys {

    /**
     * Forgets keys, so that their effects may be had again. That of a call in doubt, or of a task that has not ended, stays.
     *
     * @param age  how long ago they were taken, at least
     * @param most how many
     * @return how many
     */
    int forget(Duration age, int most);
}
