package io.drover.telemetry;

import io.drover.start.Periodic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Looks at what the process depends on, in the background, each thing on a thread of its own. */
@Component
class Watch {

    private static final int QUEUE_SECONDS = 5;
    private static final int DATABASE_SECONDS = 2;
    private static final int KAFKA_SECONDS = 5;

    private final QueueMeters queue;
    private final DatabaseHealth database;
    private final ToolGauges tools;
    private final KafkaHealth kafka;
    private final KafkaLag lag;
    private final ConsumerMeters consumers;
    private final KafkaBrokers brokers;
    private final Zeros zeros;
    private final List<Periodic> looks = new ArrayList<>();

    Watch(
            QueueMeters queue,
            ToolGauges tools,
            DatabaseHealth database,
            KafkaHealth kafka,
            KafkaLag lag,
            ConsumerMeters consumers,
            KafkaBrokers brokers,
            Zeros zeros) {
        this.queue = queue;
        this.tools = tools;
        this.lag = lag;
        this.consumers = consumers;
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
        every(KAFKA_SECONDS, consumers::look);
        every(QUEUE_SECONDS, zeros::begin);
        every(QUEUE_SECONDS, tools::read);
        every(QUEUE_SECONDS, queue::read);
    }

    @EventListener(ContextClosedEvent.class)
    void stop() {
        looks.forEach(Periodic::close);
        brokers.close();
    }

    private void every(int seconds, Periodic.Work look) {
        Periodic periodic = new Periodic("watch-" + looks.size(), Duration.ofSeconds(seconds), look);
        looks.add(periodic);
        periodic.start(Duration.ZERO);
    }
}
