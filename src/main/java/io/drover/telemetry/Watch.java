package io.drover.telemetry;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Looks at what the process depends on, in the background, each thing on a thread of its own. */
@Component
class Watch {

    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
    private static final int QUEUE_SECONDS = 5;
    private static final int DATABASE_SECONDS = 2;
    private static final int KAFKA_SECONDS = 5;

    private final QueueMeters queue;
    private final DatabaseHealth database;
    private final ToolGauges tools;
    private final KafkaHealth kafka;
    private final KafkaLag lag;
    private final KafkaBrokers brokers;
    private final Zeros zeros;
    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(
            3, Thread.ofPlatform().daemon().name("watch-", 0).factory());

    Watch(
            QueueMeters queue,
            ToolGauges tools,
            DatabaseHealth database,
            KafkaHealth kafka,
            KafkaLag lag,
            KafkaBrokers brokers,
            Zeros zeros) {
        this.queue = queue;
        this.tools = tools;
        this.lag = lag;
        this.brokers = brokers;
        this.database = database;
        this.kafka = kafka;
        this.zeros = zeros;
    }

    @EventListener(ApplicationReadyEvent.class)
    void start() {
        every(DATABASE_SECONDS, database::look);
        every(KAFKA_SECONDS, kafka::look);
        every(KAFKA_SECONDS, lag::look);
        every(QUEUE_SECONDS, zeros::begin);
        every(QUEUE_SECONDS, tools::read);
        every(QUEUE_SECONDS, queue::read);
    }

    @EventListener(ContextClosedEvent.class)
    void stop() {
        clock.shutdownNow();
        brokers.close();
    }

    private void every(int seconds, Runnable look) {
        clock.scheduleWithFixedDelay(
                () -> {
                    try {
                        look.run();
                    } catch (RuntimeException e) {
                        LOG.debug("a look in the background failed, and is repeated: {}", e.getMessage());
                    }
                },
                0,
                seconds,
                TimeUnit.SECONDS);
    }
}
