package io.drover.security;

import io.drover.json.Digest;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * Remembers for five minutes which passwords matched, because a good password hash costs as much as a hundred tasks.
 * It keeps a keyed digest only; the key is random and never leaves this process.
 * For a day it also knows which passwords matched once: they are hashed again, but do not count as guesses.
 */
final class RememberingPasswordEncoder implements PasswordEncoder {

    private static final Duration KEPT = Duration.ofMinutes(5);
    private static final Duration KNOWN = Duration.ofDays(1);
    private static final int MAX_REMEMBERED = 1_000;

    /** What is remembered of a password: it matched in the last minutes, within a day, or not that is known. */
    enum Known {
        NOW,
        ONCE,
        NEVER
    }

    private final PasswordEncoder encoder;
    private final Clock clock;
    private final byte[] key = new byte[32];
    private final Map<String, Instant> matched = new ConcurrentHashMap<>();

    RememberingPasswordEncoder(PasswordEncoder encoder, Clock clock) {
        this.encoder = encoder;
        this.clock = clock;
        new SecureRandom().nextBytes(key);
    }

    @Override
    public String encode(CharSequence password) {
        return encoder.encode(password);
    }

    /** Whether it has matched the hash. */
    Known known(CharSequence password, String hash) {
        Instant until = matched.get(digest(password, hash));
        Instant now = clock.instant();
        if (until == null || until.plus(KNOWN).isBefore(now)) {
            return Known.NEVER;
        }
        return until.isAfter(now) ? Known.NOW : Known.ONCE;
    }

    @Override
    public boolean matches(CharSequence password, String hash) {
        String digest = digest(password, hash);
        Instant now = clock.instant();
        Instant until = matched.get(digest);
        if (until != null && until.isAfter(now)) {
            return true;
        }
        if (!encoder.matches(password, hash)) {
            return false;
        }
        if (matched.size() >= MAX_REMEMBERED) {
            matched.clear();
        }
        matched.put(digest, now.plus(KEPT));
        return true;
    }

    private String digest(CharSequence password, String hash) {
        byte[] text = (hash + '\0' + password).getBytes(StandardCharsets.UTF_8);
        return Base64.getEncoder().encodeToString(Digest.hmac(key, text));
    }
}
