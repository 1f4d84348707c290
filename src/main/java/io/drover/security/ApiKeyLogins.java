package io.drover.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.drover.journal.ApiKey;
import io.drover.journal.ApiKeys;
import io.drover.start.Periodic;
import io.drover.who.KeyText;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.dao.DataAccessException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.web.authentication.WebAuthenticationDetails;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.stereotype.Component;

/**
 * Knows API keys.
 * A key that counts is remembered for five seconds, so it costs no query a request, and a revoked one is refused soon.
 * Keys that do not count are guesses, and are not remembered.
 */
@Component
@ConditionalOnWebApplication
class ApiKeyLogins implements DisposableBean {

    private static final Duration REMEMBERED = Duration.ofSeconds(5);
    private static final Duration WRITTEN = Duration.ofSeconds(10);
    private static final int MOST = 10_000;

    /** The database does not say whether a key counts. */
    static final class UnknownNowException extends AuthenticationException {
        UnknownNowException(DataAccessException cause) {
            super("the database does not answer, so it is not known whether the key counts; send it again later", cause);
        }
    }

    private final ApiKeys keys;
    private final GuessLimits guesses;
    private final Clock clock;
    private final Cache<String, ApiKey> inForce = Caffeine.newBuilder()
            .maximumSize(MOST)
            .expireAfterWrite(REMEMBERED)
            .executor(Runnable::run)
            .build();
    private final Map<Long, Instant> used = new ConcurrentHashMap<>();
    private final Periodic writing = new Periodic("api-key-use", WRITTEN, this::writeUse);

    ApiKeyLogins(ApiKeys keys, GuessLimits guesses, Clock clock) {
        this.keys = keys;
        this.guesses = guesses;
        this.clock = clock;
        writing.start();
    }

    Authentication login(Authentication token) {
        String text = ((BearerTokenAuthenticationToken) token).getToken();
        if (!KeyText.isKey(text)) {
            throw new BadCredentialsException("a bearer token here is an API key, which begins with " + KeyText.PREFIX);
        }
        byte[] digest = KeyText.digest(text);
        String hex = HexFormat.of().formatHex(digest);
        ApiKey key = inForce.getIfPresent(hex);
        if (key == null) {
            key = checked(hex, digest, address(token));
            inForce.put(hex, key);
        }
        used.put(key.id(), clock.instant());
        return new PreAuthenticatedAuthenticationToken(
                key.actor(),
                "",
                Actors.authorities(key.roles(), key.workflows()));
    }

    private ApiKey checked(String hex, byte[] digest, String address) {
        String name = "key " + hex; // a key that was right before is not held back by guesses of others
        Duration wait = guesses.begin(name, address);
        if (wait != null) {
            throw new TooManyLoginsException(
                    "too many wrong keys or passwords from this address; send the right one after the time in Retry-After",
                    wait);
        }
        Optional<ApiKey> key;
        try {
            key = keys.inForce(digest);
        } catch (DataAccessException e) {
            guesses.wasRight(name, address); // it is not known to be wrong
            throw new UnknownNowException(e);
        }
        if (key.isEmpty()) {
            throw new BadCredentialsException("no such key");
        }
        guesses.wasRight(name, address);
        return key.get();
    }

    private static String address(Authentication token) {
        return token.getDetails() instanceof WebAuthenticationDetails details
                ? String.valueOf(details.getRemoteAddress())
                : "unknown";
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
