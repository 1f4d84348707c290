package io.drover.erasure;

import java.util.LinkedHashMap;
import java.util.Map;

/** How many rows of each store. A store without rows is in it, too: it was looked at. */
final class Tally {

    private final Map<String, Long> rows = new LinkedHashMap<>();
    private long effectKeys;
    private boolean cacheWasAway;

    void add(String store, long more) {
        rows.merge(store, more, Long::sum);
    }

    /** Effect keys of erased tasks stay. */
    void keepsEffectKeys(long more) {
        effectKeys += more;
    }

    long effectKeys() {
        return effectKeys;
    }

    /** Results may still be cached. */
    void cacheWasAway() {
        cacheWasAway = true;
    }

    boolean wasCacheAway() {
        return cacheWasAway;
    }

    Map<String, Long> rows() {
        return new LinkedHashMap<>(rows);
    }
}
