package io.drover.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.Quick;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

@Quick
class PeriodicTest {

    @Test
    void goesOnAfterAnErrorAndSaysSo() {
        AtomicInteger runs = new AtomicInteger();
        try (Periodic periodic = new Periodic("test-once", Duration.ofMillis(5), () -> {
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
        try (Periodic periodic = new Periodic("test-always", Duration.ofMillis(5), () -> {
            runs.incrementAndGet();
            throw new NoClassDefFoundError("gone");
        })) {
            periodic.start();
            await().until(() -> runs.get() > 3);
            assertThat(periodic.failures()).isGreaterThan(2);
        }
    }

    @Test
    void goesOnAfterEveryKindOfThrowable() {
        List<Throwable> kinds = List.of(
                new OutOfMemoryError("test"),
                new StackOverflowError("test"),
                new ExceptionInInitializerError("test"),
                new IllegalStateException("test"),
                new IOException("test"),
                new InterruptedException("test"));
        AtomicInteger runs = new AtomicInteger();
        try (Periodic periodic = new Periodic("test-kinds", Duration.ofMillis(5), () -> {
            int run = runs.getAndIncrement();
            if (run < kinds.size()) {
                sneakily(kinds.get(run));
            }
        })) {
            periodic.start();

            await().until(() -> runs.get() > kinds.size() + 2);
            assertThat(periodic.failures()).as("an interrupt is no failure").isEqualTo(kinds.size() - 1);
            assertThat(periodic.isDead()).isFalse();
        }
    }

    @Test
    void outlivesAnInterruptThatIsNotItsEnd() {
        AtomicInteger runs = new AtomicInteger();
        AtomicReference<Thread> thread = new AtomicReference<>();
        try (Periodic periodic = new Periodic("test", Duration.ofMillis(5), () -> {
            thread.set(Thread.currentThread());
            runs.incrementAndGet();
        })) {
            periodic.start();
            await().until(() -> runs.get() > 0);
            int before = runs.get();

            thread.get().interrupt();

            await().until(() -> runs.get() > before + 2);
        }
    }

    @Test
    void tellsThatItStandsStill() {
        CountDownLatch stuck = new CountDownLatch(1);
        try (Periodic periodic = Periodic.vital("test-stuck", Duration.ofMillis(5), stuck::await)) {
            periodic.start();

            await().until(() -> periodic.overdue().toMillis() > 300);
            assertThat(Periodic.open()).contains(periodic);
            assertThat(periodic.isVital()).isTrue();
            Duration stood = periodic.overdue();
            periodic.alive();
            assertThat(periodic.overdue()).isLessThan(stood);
            stuck.countDown();
        }
        assertThat(Periodic.open()).extracting(Periodic::name).doesNotContain("test-stuck");
    }

    @Test
    void aRunThatIsUnderWayIsWaitedForAtTheEnd() throws Exception {
        Thread ending = Thread.currentThread();
        CountDownLatch begun = new CountDownLatch(1);
        AtomicReference<String> end = new AtomicReference<>("none");
        Periodic periodic = new Periodic("test", Duration.ZERO, () -> {
            begun.countDown();
            try {
                while (ending.getState() != Thread.State.TIMED_WAITING) { // until it waits for this run
                    Thread.sleep(1);
                }
                end.set("done");
            } catch (InterruptedException e) {
                end.set("interrupted");
            }
        });
        periodic.start();
        begun.await();

        periodic.end(Duration.ofSeconds(20));

        assertThat(end).hasValue("done");
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneakily(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
