package io.drover.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.drover.journal.ApiKey;
import io.drover.journal.ApiKeys;
import io.drover.start.Periodic;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.dao.DataAccessException;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.stereotype.Component;

/**
 * Knows API keys.
 * A key that counts is remembered for five seconds, so it costs no query a request, and a revoked one is refused soon.
 * Keys that do not count are not remembered.
 */
@Component
@ConditionalOnWebApplication
class ApiKeyLogins implements DisposableBean {

    private static final Duration REMEMBERED = Duration.ofSeconds(5);
    private static final Duration WRITTEN = Duration.ofSeconds(10);
    private static final int MOST = 10_000;

    private final ApiKeys keys;
    private final Clock clock;
    private final Cache<String, ApiKey> inForce = Caffeine.newBuilder()
            .maximumSize(MOST)
            .expireAfterWrite(REMEMBERED)
            .executor(Runnable::run)
            .build();
    private final Map<Long, Instant> used = new ConcurrentHashMap<>();
    private final Periodic writing = new Periodic("api-key-use", WRITTEN, this::writeUse);

    ApiKeyLogins(ApiKeys keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
        writing.start();
    }

    /** The caller of a key that counted in the last seconds, or null. */
    @Nullable
    Authentication remembered(String digest) {
        ApiKey key = inForce.getIfPresent(digest);
        return key == null ? null : caller(key);
    }

    /** The caller of a key, or null if it does not count. @throws UnknownNowException if that is not known */
    @Nullable
    Authentication check(String hex, byte[] digest) {
        Optional<ApiKey> key;
        try {
            key = keys.inForce(digest);
        } catch (DataAccessException e) {
            throw new UnknownNowException("the database", e);
        }
        key.ifPresent(known -> inForce.put(hex, known));
        return key.map(this::caller).orElse(null);
    }

    private Authentication caller(ApiKey key) {
        used.put(key.id(), clock.instant());
        return new PreAuthenticatedAuthenticationToken(
                key.actor(), "", Actors.authorities(key.roles(), key.workflows()));
    }

    private void writeUse() {
        Map<Long, Instant> now = new HashMap<>(used);
        if (!now.isEmpty()) {
            keys.used(now);
            now.forEach(used::remove); // but not a later use
        }
    }

    @Override
    public void destroy() {
        writing.close();
        writing.run(); // the last uses
    }
}
