package io.drover.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.drover.Quick;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** What is large is not computed on the carriers of virtual threads. */
@Quick
class HeavyWorkTest {

    private static final Callable<Boolean> ON_CARRIER =
            () -> Thread.currentThread().isVirtual();

    @Test
    void largeWorkOfAVirtualThreadIsDoneElsewhere() throws Exception {
        assertThat(virtually(() -> HeavyWork.run(1_000_000, ON_CARRIER))).isFalse();
        assertThat(virtually(() -> HeavyWork.run(1_000, ON_CARRIER))).isTrue();
        assertThat(HeavyWork.run(1_000_000, Thread::currentThread)).isSameAs(Thread.currentThread());
    }

    @Test
    void whatItThrowsComesBackAsItIs() {
        String document = "[" + "1,".repeat(200_000) + "1e30000000]";

        assertThatThrownBy(() -> virtually(() -> Json.parse(document)))
                .hasRootCauseInstanceOf(JsonProcessingException.class);
        assertThatThrownBy(() -> virtually(() -> HeavyWork.runSafely(1_000_000, () -> {
                    throw new IllegalArgumentException("so it is");
                })))
                .hasRootCauseMessage("so it is");
    }

    @Test
    void anInterruptStands() throws Exception {
        assertThat(virtually(() -> {
                    Thread.currentThread().interrupt();
                    HeavyWork.run(1_000_000, ON_CARRIER);
                    return Thread.interrupted();
                }))
                .isTrue();
    }

    private static <T> T virtually(Callable<T> work) throws Exception {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.startVirtualThread(task);
        return task.get();
    }
}
