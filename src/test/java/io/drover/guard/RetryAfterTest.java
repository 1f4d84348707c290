package io.drover.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A service says in many forms when it wants to be asked again. */
@Tag("quick")
class RetryAfterTest {

    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Retry-After | 20 | PT20S",
                "retry-after | 20.5 | PT20.5S",
                "Retry-After | 0 | PT0S",
                "Retry-After | Sat, 28 Nov 2026 12:00:30 GMT | PT30S",
                "Retry-After | Saturday, 28-Nov-26 12:00:30 GMT | PT30S",
                "Retry-After | Sat Nov 28 12:00:30 2026 | PT30S",
                "Retry-After | 2026-11-28T12:00:30Z | PT30S",
                "Retry-After | Sat, 28 Nov 2026 11:00:00 GMT | PT0S",
                "Retry-After | 999999999999 | PT0S",
                "Retry-After | 100000000 | PT24H",
                "Retry-After | 9999-12-31T00:00:00Z | PT24H",
                "Retry-After | -5 | ",
                "Retry-After | soon | ",
                "Retry-After | NaN | ",
                "retry-after-ms | 1500 | PT1.5S",
                "retry-after-ms | 21000 | PT21S",
                "x-ratelimit-reset-requests | 1s | PT1S",
                "x-ratelimit-reset-tokens | 6m0s | PT6M",
                "x-ratelimit-reset-tokens | 20ms | PT0.02S",
                "x-ratelimit-reset-tokens | 7.66s | PT7.66S",
                "x-ratelimit-reset-requests | 1h2m3.5s | PT1H2M3.5S",
                "x-ratelimit-reset-requests | 1d2h | PT24H",
                "X-RateLimit-Reset | 1795867230 | PT30S",
                "X-RateLimit-Reset | 1795867230000 | PT30S",
                "RateLimit-Reset | 30 | PT30S",
                "anthropic-ratelimit-requests-reset | 2026-11-28T12:00:30Z | PT30S",
                "x-other | 30 | "
            })
    void readsEachForm(String name, String value, @Nullable Duration wait) {
        assertThat(RetryAfter.of(429, Map.of(name, value), NOW)).isEqualTo(wait);
    }

    @Test
    void waitsForTheLimitThatIsSpent() {
        Map<String, String> headers = Map.of(
                "x-ratelimit-remaining-requests", "59",
                "x-ratelimit-reset-requests", "8m38s",
                "x-ratelimit-remaining-tokens", "0",
                "x-ratelimit-reset-tokens", "6s");

        assertThat(RetryAfter.of(429, headers, NOW)).isEqualTo(Duration.ofSeconds(6));
    }

    @Test
    void whatIsSaidInSecondsComesFirst() {
        Map<String, String> headers = Map.of("retry-after", "3", "x-ratelimit-reset-tokens", "6m0s");

        assertThat(RetryAfter.of(429, headers, NOW)).isEqualTo(Duration.ofSeconds(3));
    }

    /** Services send their limits with every answer; GitHub's is reset within the hour. */
    @ParameterizedTest
    @CsvSource({"429, 4980, PT50M", "502, 4980, ", "503, 4980, ", "502, 0, PT50M", "503, , PT50M"})
    void aLimitThatIsNotSpentIsNoReasonToWait(int status, @Nullable String remaining, @Nullable Duration wait) {
        Map<String, String> headers = new HashMap<>(Map.of("X-RateLimit-Reset", "3000"));
        if (remaining != null) {
            headers.put("X-RateLimit-Remaining", remaining);
        }

        assertThat(RetryAfter.of(status, headers, NOW)).isEqualTo(wait);
    }
}
