package io.drover.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.MovingClock;
import io.drover.Quick;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.springframework.security.crypto.password.PasswordEncoder;

@Quick
class RememberingPasswordEncoderTest {

    private final Counting hashes = new Counting();
    private final MovingClock clock = new MovingClock(Instant.EPOCH);
    private final RememberingPasswordEncoder encoder = new RememberingPasswordEncoder(hashes, clock);

    @Test
    void hashesAPasswordThatMatchedOnceInFiveMinutes() {
        assertThat(encoder.matches("secret", "hash of secret")).isTrue();
        assertThat(encoder.matches("secret", "hash of secret")).isTrue();
        assertThat(hashes.count).isEqualTo(1);

        clock.advance(Duration.ofMinutes(5));
        assertThat(encoder.matches("secret", "hash of secret")).isTrue();
        assertThat(hashes.count).isEqualTo(2);
    }

    @Test
    void remembersNoWrongPassword() {
        assertThat(encoder.matches("wrong", "hash of secret")).isFalse();
        assertThat(encoder.matches("wrong", "hash of secret")).isFalse();
        assertThat(hashes.count).isEqualTo(2);
    }

    @Test
    void doesNotMistakeOneHashForAnother() {
        assertThat(encoder.matches("secret", "hash of secret")).isTrue();
        assertThat(encoder.matches("secret", "hash of other")).isFalse();
    }

    @Test
    void forgetsRatherThanGrows() {
        for (int i = 0; i < 5_000; i++) {
            assertThat(encoder.matches("p" + i, "hash of p" + i)).isTrue();
        }
        assertThat(encoder.matches("p0", "hash of p0")).isTrue();
        assertThat(hashes.count).isEqualTo(5_001);
    }

    private static final class Counting implements PasswordEncoder {
        int count;

        @Override
        public String encode(CharSequence password) {
            return "hash of " + password;
        }

        @Override
        public boolean matches(CharSequence password, String hash) {
            count++;
            return encode(password).equals(hash);
        }
    }
}
