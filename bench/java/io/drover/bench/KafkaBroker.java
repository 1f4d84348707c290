package io.drover.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/** One real Kafka broker in a process of its own, which also fills its topics with records. */
final class KafkaBroker {

    private KafkaBroker() {}

    /** @param args port, an empty directory, the topics to create */
    public static void main(String[] args) throws Exception {
        int port = Integer.parseInt(args[0]);
        Properties properties = properties(port, Path.of(args[1]));
        Path file = Files.createTempFile("kafka", ".properties");
        try (var out = Files.newBufferedWriter(file)) {
            properties.store(out, null);
        }
        StorageTool.execute(
                new String[] {"format", "-t", Uuid.randomUuid().toString(), "-c", file.toString()}, System.err);
        Files.delete(file);
        new KafkaRaftServer(KafkaConfig.fromProps(properties), Time.SYSTEM).startup();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + port))) {
            for (String topic : List.of(args).subList(2, args.length)) {
                admin.createTopics(List.of(new NewTopic(topic, Optional.of(4), Optional.empty()))).all().get();
            }
        }
        Protocol.serve(Map.of("submit", command -> {
            try (Records records = new Records(command)) {
                return Protocol.closedLoop(command, 1, key -> records.send(key, InProcess.INPUT));
            }
        }));
        System.exit(0);
    }

    private static Properties properties(int port, Path directory) {
        Properties properties = new Properties();
        properties.putAll(Map.of(
                "process.roles", "broker,controller",
                "node.id", "1",
                "controller.quorum.voters", "1@127.0.0.1:" + (port + 1),
                "listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + (port + 1),
                "controller.listener.names", "CONTROLLER",
                "log.dirs", directory.toString(),
                "offsets.topic.replication.factor", "1",
                "offsets.topic.num.partitions", "4",
                "group.initial.rebalance.delay.ms", "0"));
        return properties;
    }
}
