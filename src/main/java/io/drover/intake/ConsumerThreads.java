package io.drover.intake;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.component.kafka.KafkaConsumer;
import org.apache.camel.component.kafka.KafkaFetchRecords;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of a trigger's consumers. A consumer that ends before its trigger is stopped, whatever the cause, is reported,
 * closed and begun again, after half a second at first and half a minute at last.
 */
final class ConsumerThreads extends ThreadPoolExecutor {

    private static final Logger LOG = LoggerFactory.getLogger(ConsumerThreads.class);
    private static final long FIRST_PAUSE_MS = 500;
    private static final long LAST_PAUSE_MS = 30_000;
    private static final Duration LONG_RUN = Duration.ofMinutes(1);

    private final KafkaConsumer consumer;
    private final KafkaIntake intake;
    private final GroupOffsets offsets;
    private final AtomicInteger numbers = new AtomicInteger();

    ConsumerThreads(KafkaConsumer consumer, KafkaIntake intake) {
        super(
                count(consumer),
                count(consumer),
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform()
                        .daemon()
                        .name("kafka-" + GroupOffsets.trigger(consumer) + "-", 0)
                        .factory());
        this.consumer = consumer;
        this.intake = intake;
        this.offsets = GroupOffsets.of(consumer);
    }

    private static int count(KafkaConsumer consumer) {
        return Math.max(1, consumer.getEndpoint().getConfiguration().getConsumersCount());
    }

    @Override
    public Future<?> submit(Runnable task) {
        return super.submit(() -> live((KafkaFetchRecords) task, numbers.getAndIncrement()));
    }

    private void live(KafkaFetchRecords reader, int number) {
        for (int failures = 0; !isOver(); failures++) {
            long begun = System.nanoTime();
            Throwable cause = run(reader);
            if (isOver()) {
                return;
            }
            if (System.nanoTime() - begun > LONG_RUN.toNanos()) {
                failures = 0;
            }
            long pause = Math.min(LAST_PAUSE_MS, FIRST_PAUSE_MS << Math.min(failures, 10));
            report(number, reader, cause, pause);
            OwnedClients.closeMine();
            reader.setReconnect(false);
            reader.setConnected(false); // else it would go on behind the records that it has read and not given
            if (!slept(pause)) {
                return;
            }
            intake.states().restarted(number);
        }
    }

    private @Nullable Throwable run(KafkaFetchRecords reader) {
        try {
            OwnedClients.beforeLeaving(intake::leave);
            intake.begin();
            offsets.adopt();
            intake.beforeReading(consumer.getEndpoint());
            reader.run();
            return reader.healthState().getLastError();
        } catch (Throwable e) { // nobody else would hear of it
            return e;
        }
    }

    private void report(int number, KafkaFetchRecords reader, @Nullable Throwable cause, long pause) {
        try {
            String trigger = GroupOffsets.trigger(consumer);
            String reason = cause == null ? "it stopped; the log has the cause" : cause.toString();
            intake.states().ended(number, reason);
            LOG.error("a consumer of trigger {} ended, and starts again in {} ms", trigger, pause, cause);
        } catch (Throwable e) { // there may be no memory for a line of the log
            intake.states().ended(number, e.getClass().getName());
        }
    }

    private boolean isOver() {
        return isShutdown() || consumer.isStoppingOrStopped() || !consumer.isRunAllowed();
    }

    private static boolean slept(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
