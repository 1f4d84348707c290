package io.drover.start;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Threads that are not ours, and end. */
@Quick
class DeadThreadsTest {

    @AfterEach
    void forget() {
        DeadThreads.forget();
    }

    @Test
    void aThreadThatEndsByAnErrorIsCounted() throws Exception {
        DeadThreads.watch();
        long before = DeadThreads.count();

        dies("some-library-1");

        assertThat(DeadThreads.count()).isEqualTo(before + 1);
        assertThat(DeadThreads.missed()).isNull();
    }

    @Test
    void theOneByWhichSchedulesFireIsMissed() throws Exception {
        DeadThreads.watch();

        dies("DefaultQuartzScheduler-drover_QuartzSchedulerThread");

        assertThat(DeadThreads.missed()).isEqualTo("DefaultQuartzScheduler-drover_QuartzSchedulerThread");
    }

    @Test
    void theOneByWhichATimerFiresIsMissed() throws Exception {
        DeadThreads.watch();

        dies("Camel (drover) thread #7 - timer://every-hour");

        assertThat(DeadThreads.missed()).contains("every-hour");
    }

    private static void dies(String name) throws InterruptedException {
        Thread.ofPlatform()
                .name(name)
                .start(() -> {
                    throw new OutOfMemoryError("test");
                })
                .join();
    }
}
