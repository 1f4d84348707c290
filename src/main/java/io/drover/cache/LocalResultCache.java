package io.drover.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** In this process; what is used least goes first. */
final class LocalResultCache implements ResultCache {

    /** What an entry takes beside its characters, about. */
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
}
