package io.drover.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.api.ApiClient.Answer;
import io.drover.api.ApiTestBase;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** A caller that sends too many requests is held back, and no other. */
@TestPropertySource(properties = "drover.security.limits.requests-per-second=2")
class CallerRatesTest extends ApiTestBase {

    @Test
    void aSecondsRequestsMayComeTogetherAndThenTheyComeAtTheRate() {
        AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000); // which overflows meanwhile
        CallerRates rates = new CallerRates(10, nanos::get);

        assertThat(IntStream.range(0, 15).filter(i -> rates.takes("ada"))).hasSize(10);
        assertThat(rates.takes("bob")).isTrue();
        nanos.addAndGet(100_000_000);
        assertThat(rates.takes("ada")).isTrue();
        assertThat(rates.takes("ada")).isFalse();
        nanos.addAndGet(60_000_000_000L);
        assertThat(IntStream.range(0, 15).filter(i -> rates.takes("ada"))).hasSize(10);
    }

    @Test
    void itsRequestsAreAnsweredWith429() {
        Answer last = operator().get("/api/openapi");
        for (int i = 0; i < 5_000 && last.status() != 429; i++) {
            last = operator().get("/api/nothing");
        }

        assertThat(last.status()).as(last.body()).isEqualTo(429);
        assertThat(last.header("Retry-After")).isEqualTo("1");
        assertThat(last.body()).contains("drover.security.limits.requests-per-second", "ada");
        assertThat(viewer().get("/api/queue").status()).isEqualTo(200);
        assertThat(nobody().get("/health/live").status()).isEqualTo(200);
    }
}
