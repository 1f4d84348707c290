package io.drover.intake;

import static org.awaitility.Awaitility.await;

import io.drover.FreePort;
import io.drover.local.EmbeddedKafkaServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** A broker with an authorizer, which makes no topics by itself; it can go and come back. */
final class StrictBrokers {

    private final Path directory = temporary();
    private final int port = FreePort.next();
    private final int controllerPort = FreePort.next();
    private EmbeddedKafkaServer server;

    StrictBrokers() {
        start();
        server.topics(1, "missing", "forbidden", "forbidden.dlq", "absent", "absent.dlq", "remade", "remade.dlq");
        forbid("forbidden.dlq");
        forbid("remade.dlq");
    }

    String brokers() {
        return "127.0.0.1:" + port;
    }

    void start() {
        server = EmbeddedKafkaServer.keptIn(
                directory,
                port,
                controllerPort,
                Map.of(
                        "auto.create.topics.enable",
                        "false",
                        "authorizer.class.name",
                        "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                        "allow.everyone.if.no.acl.found",
                        "true"));
    }

    void stop() {
        server.close();
    }

    /** Deletes a topic, and makes it again. */
    void remake(String name) {
        admin(admin -> admin.deleteTopics(List.of(name)).all().get());
        await().ignoreExceptions()
                .untilAsserted(() -> admin(admin -> admin.createTopics(List.of(new NewTopic(name, 1, (short) 1)))
                        .all()
                        .get()));
    }

    void makeTopic(String name) {
        server.topics(1, name);
    }

    private void forbid(String topic) {
        admin(admin -> admin.createAcls(List.of(rule(topic))).all().get());
    }

    void allow(String topic) {
        admin(admin -> admin.deleteAcls(List.of(rule(topic).toFilter())).all().get());
    }

    private static AclBinding rule(String topic) {
        // Reading stays open to all: where a topic has a rule, what no rule allows is forbidden.
        return new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
                new AccessControlEntry("User:ANONYMOUS", "*", AclOperation.READ, AclPermissionType.ALLOW));
    }

    private interface Work {
        void of(Admin admin) throws Exception;
    }

    private void admin(Work work) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers()))) {
            work.of(admin);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("drover-strict");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
