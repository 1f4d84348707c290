package io.drover.local;

import io.drover.FreePort;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.utils.Time;

/** A real Kafka broker (KRaft, one node) inside this process, bound to loopback. */
public final class EmbeddedKafkaServer implements AutoCloseable {

    private static final String CLUSTER = "drover-local-stand-0000".substring(0, 22);

    private final KafkaRaftServer server;
    private final String brokers;

    private EmbeddedKafkaServer(KafkaRaftServer server, String brokers) {
        this.server = server;
        this.brokers = brokers;
    }

    /** Starts a broker whose data are in a temporary directory. */
    public static EmbeddedKafkaServer temporary() {
        try {
            return keptIn(Files.createTempDirectory("drover-kafka"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a broker on data that are kept; they are made if they are not there. */
    static EmbeddedKafkaServer keptIn(Path directory) {
        return keptIn(directory, FreePort.next(), FreePort.next());
    }

    /** The same on ports that are given, so that a broker can come back where it was. */
    public static EmbeddedKafkaServer keptIn(Path directory, int port, int controllerPort) {
        return keptIn(directory, port, controllerPort, Map.of());
    }

    /** The same with settings that count before ours. */
    public static EmbeddedKafkaServer keptIn(
            Path directory, int port, int controllerPort, Map<String, String> changed) {
        Properties settings = settings(directory, port, controllerPort);
        settings.putAll(changed);
        format(directory, settings);
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings), Time.SYSTEM);
        server.startup();
        return new EmbeddedKafkaServer(server, "127.0.0.1:" + port);
    }

    private static Properties settings(Path directory, int port, int controllerPort) {
        Properties settings = new Properties();
        settings.putAll(Map.ofEntries(
                Map.entry("process.roles", "broker,controller"),
                Map.entry("node.id", "1"),
                Map.entry("controller.quorum.voters", "1@127.0.0.1:" + controllerPort),
                Map.entry("controller.listener.names", "CONTROLLER"),
                Map.entry("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
                Map.entry(
                        "listeners",
                        "PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d".formatted(port, controllerPort)),
                Map.entry("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port),
                Map.entry("log.dirs", directory.toAbsolutePath().toString()),
                Map.entry("num.partitions", "4"),
                Map.entry("auto.create.topics.enable", "true"), // the dead letter topics of tests
                Map.entry("offsets.topic.num.partitions", "1"),
                Map.entry("offsets.topic.replication.factor", "1"),
                Map.entry("transaction.state.log.num.partitions", "1"),
                Map.entry("transaction.state.log.replication.factor", "1"),
                Map.entry("transaction.state.log.min.isr", "1"),
                Map.entry("group.initial.rebalance.delay.ms", "0"),
                Map.entry("log.cleaner.dedupe.buffer.size", "2097152")));
        return settings;
    }

    private static void format(Path directory, Properties settings) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try {
            Files.createDirectories(directory);
            Path file = directory.resolve("server.properties");
            try (var out = Files.newBufferedWriter(file)) {
                settings.store(out, null);
            }
            int code = StorageTool.execute(
                    new String[] {"format", "--ignore-formatted", "-t", CLUSTER, "-c", file.toString()},
                    new PrintStream(said, true, StandardCharsets.UTF_8));
            if (code != 0) {
                throw new IllegalStateException("Kafka's storage in %s cannot be made: %s"
                        .formatted(directory, said.toString(StandardCharsets.UTF_8)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For {@code camel.component.kafka.brokers}. */
    public String brokers() {
        return brokers;
    }

    /** Makes topics unless they are there. */
    public void topics(int partitions, String... names) {
        try (Admin admin = admin()) {
            Set<NewTopic> topics = Set.of(names).stream()
                    .map(name -> new NewTopic(name, partitions, (short) 1))
                    .collect(Collectors.toSet());
            for (var made : admin.createTopics(topics).values().values()) {
                try {
                    made.get();
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof TopicExistsException)) {
                        throw new IllegalStateException("topics %s: %s".formatted(topics, e.getMessage()), e);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    Admin admin() {
        return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, brokers));
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}
