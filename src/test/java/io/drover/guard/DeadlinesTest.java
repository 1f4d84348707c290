package io.drover.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadlinesTest {

    private static final Duration LONG = Duration.ofHours(1);

    private final Deadlines deadlines = new Deadlines();

    @AfterEach
    void close() {
        deadlines.close();
    }

    @Test
    void endsTheWaitsWhoseTimeIsOver() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Long>> over = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                Duration patience = Duration.ofMillis(i % 50);
                over.add(threads.submit(() -> {
                    long began = System.nanoTime();
                    assertThat(deadlines.begin(patience).isTooLong()).isTrue();
                    return System.nanoTime() - began - patience.toNanos();
                }));
            }
            for (Future<Long> wait : over) {
                assertThat(wait.get(2, TimeUnit.MINUTES)).isNotNegative();
            }
        }
        assertThat(deadlines.waiting()).isZero();
    }

    @Test
    void aWaitEndsWithTheWork() {
        AtomicReference<Deadlines.Wait> wait = new AtomicReference<>();
        AtomicReference<Boolean> late = new AtomicReference<>();
        Thread waiter = Thread.ofVirtual().start(() -> {
            wait.set(deadlines.begin(LONG));
            late.set(wait.get().isTooLong());
        });
        await().until(() -> deadlines.waiting() == 1);

        wait.get().end();

        await().until(() -> !waiter.isAlive());
        assertThat(late).hasValue(false);
        assertThat(deadlines.waiting()).isZero();
    }

    @Test
    void workThatIsDoneBeforeIsNotWaitedFor() {
        Deadlines.Wait wait = deadlines.begin(LONG);

        wait.end();

        assertThat(wait.isTooLong()).isFalse();
        assertThat(deadlines.waiting()).isZero();
    }

    @Test
    void aWaitEndsWhenItsThreadIsInterruptedAndLeavesTheThreadSo() {
        AtomicReference<Boolean> interrupted = new AtomicReference<>();
        Thread waiter = Thread.ofVirtual().start(() -> {
            assertThat(deadlines.begin(LONG).isTooLong()).isFalse();
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        await().until(() -> deadlines.waiting() == 1);

        waiter.interrupt();

        await().until(() -> !waiter.isAlive());
        assertThat(interrupted).hasValue(true);
        assertThat(deadlines.waiting()).isZero();
    }
}
