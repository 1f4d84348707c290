package io.drover.cache;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * A cache in Redis, shared by the fleet.
 * While Redis does not answer, nothing is found and nothing is stored.
 */
final class RedisResultCache implements ResultCache {

    private static final Logger LOG = LoggerFactory.getLogger(RedisResultCache.class);
    private static final String PREFIX = "drover:cache:";

    private final StringRedisTemplate redis;
    private final AtomicBoolean away = new AtomicBoolean();

    RedisResultCache(StringRedisTemplate redis) {
        this.redis = redis;
    }

    @Override
    public @Nullable String get(String key) {
        try {
            String document = redis.opsForValue().get(PREFIX + key);
            answered();
            return document;
        } catch (DataAccessException e) {
            failed(e);
            return null;
        }
    }

    @Override
    public void put(String key, String document, Duration keep) {
        try {
            redis.opsForValue().set(PREFIX + key, document, keep);
            answered();
        } catch (DataAccessException e) {
            failed(e);
        }
    }

    @Override
    public boolean forget(Collection<String> keys) {
        try {
            for (String key : keys) {
                redis.delete(PREFIX + key); // one by one: the nodes of a cluster share them out
            }
            answered();
            return true;
        } catch (DataAccessException e) {
            failed(e);
            return false;
        }
    }

    private void answered() {
        if (away.get() && away.compareAndSet(true, false)) {
            LOG.info("Redis answers again: results of tools are cached");
        }
    }

    private void failed(DataAccessException e) {
        if (away.compareAndSet(false, true)) {
            LOG.warn("Redis does not answer ({}); tools are called without the cache until it does", e.getMessage());
        }
    }
}
