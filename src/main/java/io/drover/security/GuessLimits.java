package io.drover.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.apache.hc.core5.net.InetAddressUtils;
import org.jspecify.annotations.Nullable;

/**
 * Counts wrong passwords: by address and name, by address, and by name.
 * After a number of them the next one has to wait, each time twice as long, at most a minute.
 * Guesses from elsewhere do not hold up a user at an address from which the user has logged in, or has hardly
 * guessed.
 * So a user cannot be locked out from elsewhere.
 */
final class GuessLimits {

    private static final int OF_PAIR = 10;
    private static final int OF_ADDRESS = 30;
    private static final int OF_NAME = 50;
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);
    private static final Duration REMEMBERED = Duration.ofMinutes(15);
    private static final Duration TRUSTED = Duration.ofDays(1);
    private static final int MOST = 20_000;
    private static final int LONGEST_NAME = 100;

    /** Fewer wrong passwords are a person's mistakes, and no reason to count what others guess of the name. */
    private static final int UNSUSPECTED = 2;

    private record Guesses(int count, Instant last) {}

    private record Keys(String pair, String network, String name) {

        static Keys of(String name, String network) {
            String shortened = name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME);
            return new Keys("pair " + network + " " + shortened, "network " + network, "name " + shortened);
        }

        List<String> all() {
            return List.of(pair, network, name);
        }
    }

    private final Clock clock;
    private final Cache<String, Guesses> guesses =
            Caffeine.newBuilder().maximumSize(MOST).executor(Runnable::run).build();
    private final Cache<String, Instant> loggedIn =
            Caffeine.newBuilder().maximumSize(MOST).executor(Runnable::run).build();

    GuessLimits(Clock clock) {
        this.clock = clock;
    }

    /**
     * Begins the check of a password.
     * The password counts as wrong until {@link #wasRight} is called, so concurrent guesses are counted, too.
     *
     * @return how long it has to wait instead, or null if it may be checked
     */
    synchronized @Nullable Duration begin(String name, String address) {
        Keys keys = Keys.of(name, network(address));
        Instant now = clock.instant();
        Duration wait = waitOf(keys.pair, OF_PAIR, now);
        if (!isTrusted(keys.pair, now)) {
            wait = longer(wait, waitOf(keys.network, OF_ADDRESS, now));
            if (count(keys.pair, now) >= UNSUSPECTED) {
                wait = longer(wait, waitOf(keys.name, OF_NAME, now));
            }
        }
        if (wait.isPositive()) {
            return wait;
        }
        keys.all().forEach(key -> add(key, 1, now));
        return null;
    }

    /** The password that was counted is right. */
    void wasRight(String name, String address) {
        Keys keys = Keys.of(name, network(address));
        Instant now = clock.instant();
        keys.all().forEach(key -> add(key, -1, now));
        guesses.invalidate(keys.pair);
        loggedIn.put(keys.pair, now);
    }

    private boolean isTrusted(String pair, Instant now) {
        Instant last = loggedIn.getIfPresent(pair);
        return last != null && last.plus(TRUSTED).isAfter(now);
    }

    private int count(String key, Instant now) {
        Guesses known = guesses.getIfPresent(key);
        return known == null || isForgotten(known, now) ? 0 : known.count;
    }

    private void add(String key, int more, Instant now) {
        guesses.asMap().compute(key, (k, before) -> {
            int count = before == null || isForgotten(before, now) ? 0 : before.count;
            return new Guesses(Math.max(0, count + more), now);
        });
    }

    private Duration waitOf(String key, int allowed, Instant now) {
        Guesses known = guesses.getIfPresent(key);
        if (known == null || known.count < allowed || isForgotten(known, now)) {
            return Duration.ZERO;
        }
        Duration delay = Duration.ofSeconds(1L << Math.min(6, known.count - allowed));
        return Duration.between(now, known.last.plus(delay.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : delay));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }

    private static boolean isForgotten(Guesses known, Instant now) {
        return known.last.plus(REMEMBERED).isBefore(now);
    }

    /** An IPv4 address, or the first half of an IPv6 address: one client has all of that. */
    static String network(String address) {
        if (!InetAddressUtils.isIPv6(address)) {
            return address;
        }
        try {
            byte[] bytes = InetAddress.getByName(address).getAddress(); // nothing is looked up
            return bytes.length == 16 ? HexFormat.of().formatHex(bytes, 0, 8) : address;
        } catch (UnknownHostException e) {
            return address;
        }
    }
}
