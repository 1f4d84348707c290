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
    private static final int DATA_SOURCES_SECONDS = 10;

    private final QueueMeters queue;
    private final DatabaseHealth database;
    private final DataSourcesHealth dataSources;
    private final ToolGauges tools;
    private final KafkaHealth kafka;
    private final KafkaLag lag;
    private final ConsumerMeters consumers;
    private final KafkaBrokers brokers;
    private final ZeroCounters zeros;
    private final LoopMeters loops;
    private final RouteMeters files;
    private final List<Periodic> looks = new ArrayList<>();

    Watch(
            QueueMeters queue,
            ToolGauges tools,
            DatabaseHealth database,
            DataSourcesHealth dataSources,
            KafkaHealth kafka,
            KafkaLag lag,
            ConsumerMeters consumers,
            KafkaBrokers brokers,
            ZeroCounters zeros,
            LoopMeters loops,
            RouteMeters files) {
        this.queue = queue;
        this.tools = tools;
        this.lag = lag;
        this.consumers = consumers;
        this.brokers = brokers;
        this.database = database;
        this.dataSources = dataSources;
        this.kafka = kafka;
        this.zeros = zeros;
        this.loops = loops;
        this.files = files;
    }

    @EventListener(ApplicationReadyEvent.class)
    void start() {
        every("database", DATABASE_SECONDS, database::look);
        every("data-sources", DATA_SOURCES_SECONDS, dataSources::look);
        every("kafka", KAFKA_SECONDS, kafka::look);
        every("kafka-lag", KAFKA_SECONDS, lag::look);
        every("consumers", KAFKA_SECONDS, consumers::look);
        every("zeros", QUEUE_SECONDS, zeros::begin);
        every("tools", QUEUE_SECONDS, tools::read);
        every("queue", QUEUE_SECONDS, queue::read);
        every("loops", QUEUE_SECONDS, loops::look);
        every("files", QUEUE_SECONDS, files::look);
    }

    @EventListener(ContextClosedEvent.class)
    void stop() {
        looks.forEach(Periodic::close);
        brokers.close();
    }

    private void every(String what, int seconds, Periodic.Work look) {
        Periodic periodic = new Periodic("watch-" + what, Duration.ofSeconds(seconds), look);
        looks.add(periodic);
        periodic.start(Duration.ZERO);
    }
}
