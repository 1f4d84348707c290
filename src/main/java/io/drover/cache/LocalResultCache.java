package io.drover.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * A cache in this process.
 * The entries used least are dropped first.
 */
final class LocalResultCache implements ResultCache {

    /** Roughly what an entry takes beside its characters. */
    private static final int ENTRY_BYTES = 200;

    private record Entry(String document, Duration keep) {}

    private final Cache<String, Entry> entries;

    LocalResultCache(long maxBytes) {
        this.entries = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher((String key, Entry entry) ->
                        ENTRY_BYTES + key.length() + entry.document().length())
                .expireAfter(Expiry.writing((String key, Entry entry) -> entry.keep()))
                .build();
    }

    @Override
    public @Nullable String get(String key) {
        Entry entry = entries.getIfPresent(key);
        return entry == null ? null : entry.document();
    }

    @Override
    public void put(String key, String document, Duration keep) {
        entries.put(key, new Entry(document, keep));
    }

    @Override
    public boolean forget(Collection<String> keys) {
        entries.invalidateAll(keys);
        return true;
    }
}
