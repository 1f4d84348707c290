package io.drover.memory;

import java.util.List;
import java.util.UUID;

/** Where the tools of long memory keep facts. */
public interface FactStore {

    /** The facts of a key that are nearest in meaning to a text, the nearest first; only its beginning counts. */
    List<RecalledFact> recall(String key, String query) throws InterruptedException;

    /**
     * Stores a fact.
     * A fact that is already known counts as new again.
     */
    void remember(String key, String text, UUID task) throws InterruptedException;

    /** @return how many facts there were */
    int forget(String key);
}
