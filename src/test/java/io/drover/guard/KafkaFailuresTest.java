package io.drover.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.FreePort;
import io.drover.guard.Failure.Kind;
import io.drover.intake.DeafProxy;
import io.drover.local.EmbeddedKafkaServer;
import io.drover.local.TopicReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.FailedToCreateProducerException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How failures of a record that Camel sends are read, on real brokers: with an authorizer, and without topics of their own making. */
class KafkaFailuresTest {

    private static final String IMPATIENT = "?maxBlockMs=1500&requestTimeoutMs=1000&deliveryTimeoutMs=1500&lingerMs=0";

    private static final DefaultCamelContext CAMEL = new DefaultCamelContext();
    private static EmbeddedKafkaServer broker;
    private static DeafProxy proxy;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        int port = FreePort.next();
        proxy = new DeafProxy(port);
        broker = EmbeddedKafkaServer.keptIn(
                directory,
                port,
                FreePort.next(),
                Map.of(
                        "advertised.listeners",
                        "PLAINTEXT://127.0.0.1:" + proxy.port(),
                        "auto.create.topics.enable",
                        "false",
                        "authorizer.class.name",
                        "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                        "allow.everyone.if.no.acl.found",
                        "true"));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.brokers()))) {
            admin.createTopics(List.of(
                            new NewTopic("orders", 1, (short) 1),
                            new NewTopic("tight", 1, (short) 1).configs(Map.of("max.message.bytes", "1000")),
                            new NewTopic("forbidden", 1, (short) 1)))
                    .all()
                    .get();
            // Where a topic has a rule, what no rule allows is forbidden.
            admin.createAcls(List.of(new AclBinding(
                            new ResourcePattern(ResourceType.TOPIC, "forbidden", PatternType.LITERAL),
                            new AccessControlEntry("User:ANONYMOUS", "*", AclOperation.READ, AclPermissionType.ALLOW))))
                    .all()
                    .get();
        }
        CAMEL.start();
    }

    @AfterAll
    static void stop() throws Exception {
        CAMEL.stop();
        broker.close();
        proxy.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    orders&brokers=127.0.0.1:1                                  | NOT_HAPPENED | not present in metadata
                    orders&brokers=no-such-host.invalid:9092                    | NOT_HAPPENED | Failed to create Producer
                    missing                                                     | NOT_HAPPENED | opic
                    forbidden                                                   | REJECTED     | Not authorized to access topics
                    no%20name                                                   | REJECTED     | Invalid topics
                    orders&maxRequestSize=1000                                  | REJECTED     | larger than 1000
                    tight                                                       | REJECTED     | larger than the max message size
                    orders&valueSerializer=org.apache.kafka.common.serialization.IntegerSerializer | REJECTED | Can't convert value
                    """)
    void whatSurelyDidNotHappenIsAPlainFailure(String options, Kind kind, String why) {
        Failure failure = FailureClassifier.of(send(options));

        assertThat(failure.summary()).contains(why);
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(TopicReader.read(broker.brokers(), "orders")).isEmpty();
    }

    /** The broker may have it. */
    @Test
    void aRecordThatIsNotAcknowledgedIsInDoubt() {
        proxy.deaf(true);
        try {
            Failure failure = FailureClassifier.of(send("orders"));

            assertThat(failure.summary()).contains("has passed");
            assertThat(failure.kind()).isEqualTo(Kind.UNKNOWN);
        } finally {
            proxy.deaf(false);
        }
    }

    private static Exception send(String options) {
        String[] parts = options.split("&", 2);
        String brokers = options.contains("brokers=") ? "" : "&brokers=" + broker.brokers();
        String uri = "kafka:%s%s%s%s".formatted(parts[0], IMPATIENT, brokers, parts.length == 1 ? "" : "&" + parts[1]);
        try {
            Exchange sent = CAMEL.createProducerTemplate()
                    .send(uri, exchange -> exchange.getMessage().setBody("x".repeat(5000)));
            assertThat(sent.getException()).as(uri).isNotNull();
            return sent.getException();
        } catch (FailedToCreateProducerException e) {
            return e;
        }
    }
}
