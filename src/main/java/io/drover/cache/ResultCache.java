package io.drover.cache;

import io.drover.json.Digest;
import java.time.Duration;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Keeps results for a while. It may lose them at any time, and it never fails a call. */
public interface ResultCache {

    /** The result that is kept under the key, as a JSON document, or null. */
    @Nullable
    String get(String key);

    /** Keeps a result; another one under the key is replaced. */
    void put(String key, String document, Duration keep);

    /**
     * Forgets what is kept under the keys, as far as this cache reaches: another process's memory is out of its reach.
     *
     * @return false where the cache did not answer
     */
    boolean forget(Collection<String> keys);

    /**
     * Under which key the result of a call is kept. An edited tool, or one with another declaration, has other keys.
     *
     * @param definition digest of the tool
     * @param arguments  their canonical JSON
     */
    static String key(String tool, long definition, String arguments) {
        return tool + ":" + Digest.uuid(tool, Long.toString(definition), arguments);
    }
}
