package io.drover.kit;

import io.drover.cache.ResultCache;
import java.time.Duration;
import java.util.Collection;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The cache of results of a case. */
final class KitCache implements ResultCache {

    private final Supplier<Stage> stage;

    KitCache(Supplier<Stage> stage) {
        this.stage = stage;
    }

    @Override
    public @Nullable String get(String key) {
        return stage.get().cached(key);
    }

    @Override
    public void put(String key, String document, Duration keep) {
        stage.get().cache(key, document, keep);
    }

    @Override
    public boolean forget(Collection<String> keys) {
        return true;
    }
}
