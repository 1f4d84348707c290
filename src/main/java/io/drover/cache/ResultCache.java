package io.drover.cache;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Keeps results for a while. It may lose them at any time, and it never fails a call. */
public interface ResultCache {

    /** The result that is kept under the key, as a JSON document, or null. */
    @Nullable
    String get(String key);

    /** Keeps a result; another one under the key is replaced. */
    void put(String key, String document, Duration keep);
}
