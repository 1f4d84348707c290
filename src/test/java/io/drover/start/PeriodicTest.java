package io.drover.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PeriodicTest {

    @Test
    void goesOnAfterAnErrorAndSaysSo() {
        AtomicInteger runs = new AtomicInteger();
        try (Periodic periodic = new Periodic("test", Duration.ofMillis(5), () -> {
            if (runs.incrementAndGet() == 1) {
                throw new StackOverflowError();
            }
        })) {
            periodic.run();
            assertThat(periodic.problem()).isInstanceOf(StackOverflowError.class);
            assertThat(periodic.failures()).isEqualTo(1);

            periodic.start();
            await().until(() -> runs.get() > 3);
            assertThat(periodic.problem()).isNull();
        }
    }

    @Test
    void goesOnAfterAnErrorOnItsOwnThread() {
        AtomicInteger runs = new AtomicInteger();
        try (Periodic periodic = new Periodic("test", Duration.ofMillis(5), () -> {
            runs.incrementAndGet();
            throw new NoClassDefFoundError("gone");
        })) {
            periodic.start();
            await().until(() -> runs.get() > 3);
            assertThat(periodic.failures()).isGreaterThan(2);
        }
    }
}
