package io.drover.task;

import static org.awaitility.Awaitility.await;

import io.drover.Quick;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

@Quick
class CarrierProbeTest {

    @Test
    void tellsWhenNoVirtualThreadGetsACarrier() {
        CarrierProbe probe = new CarrierProbe(Duration.ofSeconds(3));
        probe.ask();
        await().until(() -> probe.unanswered().isZero());
        AtomicBoolean spin = new AtomicBoolean(true);
        int carriers = Runtime.getRuntime().availableProcessors();
        try {
            for (int i = 0; i < carriers * 2; i++) {
                Thread.startVirtualThread(() -> {
                    while (spin.get()) {
                        Thread.onSpinWait();
                    }
                });
            }

            await().until(() -> {
                probe.ask();
                return probe.isLate();
            });
        } finally {
            spin.set(false);
        }
        await().until(() -> !probe.isLate());
    }
}
