package io.drover.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.TestDatabase;
import io.drover.api.ApiClient;
import io.drover.jobs.ApiServer;
import io.drover.local.Servers;
import io.drover.local.TopicReader;
import io.drover.route.RouteIds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Trigger files are edited, broken and deleted while records and requests come in. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"drover.routes.poll=200ms", "drover.role=trigger"})
class TriggerFilesTest {

    private static final ApiServer API = new ApiServer();
    private static final String TOPIC = Servers.newTopic("edited", 2);
    private static final String PATIENT = Servers.newTopic("patient", 1);
    private static final Path FILES = directory();
    private static final String KAFKA = "{uri: 'kafka:{{edited.topic}}'}";
    private static final String HOOK = "{uri: 'platform-http:/hooks/edited', parameters: {httpMethodRestrict: POST}}";

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry registry) {
        API.environmentAsProperties().forEach(System::setProperty); // of the client, which reads them when it is needed
        trigger("records", KAFKA, "before");
        trigger("hook", HOOK, "before");
        TestDatabase.ofTwoRoles(registry);
        registry.add("camel.component.kafka.brokers", Servers::brokers);
        registry.add("edited.topic", () -> TOPIC);
        registry.add("patient.topic", () -> PATIENT);
        registry.add("drover.routes.directory", FILES::toString);
    }

    @AfterAll
    static void close() {
        API.environmentAsProperties().keySet().forEach(System::clearProperty);
        API.close();
    }

    @Autowired
    JdbcClient jdbc;

    @Autowired
    KafkaTriggers triggers;

    @Autowired
    CamelContext camel;

    @LocalServerPort
    int port;

    @Test
    void everyRecordIsTakenOnceByTheTriggerAsItIsThen() {
        send(0, 50);
        awaitRecords(50);

        trigger("records", KAFKA, "after");
        for (int i = 50; i < 150; i += 10) { // while one consumer goes and the other comes
            send(i, i + 10);
        }
        awaitRecords(150);
        await().until(() -> {
            send(1000, 1001);
            return count("select count(*) from task where workflow = 'after' and (input->>'n')::int = 1000") > 0;
        });
        write("records", "- route: {id: records, from: {uri: 'kafka:{{no.such.property}}'}}");
        awaitHealth(200, "no.such.property");
        send(150, 200);

        awaitRecords(200);
        assertThat(jdbc.sql(
                                "select input->>'n' from task where submitted_by = 'records' and (input->>'n')::int < 1000 group by 1 having count(*) > 1")
                        .query(String.class)
                        .list())
                .as("taken twice")
                .isEmpty();
        assertThat(
                        count(
                                "select count(*) from task where workflow = 'before' and submitted_by = 'records' and (input->>'n')::int < 50"))
                .isEqualTo(50);
        assertThat(
                        count(
                                "select count(*) from task where workflow = 'after' and (input->>'n')::int between 150 and 199"))
                .isEqualTo(50);

        delete("records");
        awaitHealth(200, "");
        send(200, 210);
        trigger("records", KAFKA, "again");
        awaitRecords(210); // what came meanwhile is not lost
    }

    @Test
    void recordsWaitWhileTheWorkflowOfTheirTriggerIsMissing() {
        write("late", "- route: {id: late, from: {uri: 'task:late', steps: [{logg: {message: worked}}]}}");
        write("inner", "- route: {id: inner, from: {uri: 'direct:inner', steps: [{to: {uri: 'task:late'}}]}}");
        write(
                "patient",
                "- route: {id: patient, from: {uri: 'kafka:{{patient.topic}}', steps: [{to: {uri: 'direct:inner'}}]}}");
        awaitHealth(200, "the workflow 'late' is not loaded"); // a file that breaks later takes no process away
        awaitHealth(200, "late.camel.yaml");
        send(PATIENT, 0, 10);

        write("late", "- route: {id: late, from: {uri: 'task:late', steps: [{log: {message: worked}}]}}");
        awaitLate(10);
        awaitHealth(200, "");

        delete("late");
        awaitHealth(200, "the workflow 'late' is not loaded"); // no reason to be sent no requests
        send(PATIENT, 10, 20);
        write("late", "- route: {id: late, from: {uri: 'task:late', steps: [{log: {message: again}}]}}");
        awaitLate(20);
        assertThat(TopicReader.read(Servers.brokers(), PATIENT + ".dlq")).isEmpty();
    }

    @Test
    void aTriggerThatDelaysAndSubmitsInParallelLosesNothing() {
        String topic = Servers.newTopic("parallel", 1);
        write("left", "- route: {id: left, from: {uri: 'task:left', steps: [{log: {message: worked}}]}}");
        write("right", "- route: {id: right, from: {uri: 'task:right', steps: [{log: {message: worked}}]}}");
        write(
                "parallel",
                """
                - route:
                    id: parallel
                    from:
                      uri: kafka:%s
                      steps:
                        - delay: { expression: { constant: { expression: "5" } } }
                        - multicast:
                            parallelProcessing: true
                            steps:
                              - to: { uri: "task:left" }
                              - to: { uri: "task:right" }
                """
                        .formatted(topic));
        send(topic, 0, 40);
        send(topic, "not JSON");
        send(topic, 40, 50);

        for (String workflow : new String[] {"left", "right"}) {
            await().untilAsserted(() -> assertThat(count(
                            "select count(distinct input->>'n') from task where workflow = '%s'".formatted(workflow)))
                    .isEqualTo(50));
        }
        await().untilAsserted(() ->
                assertThat(TopicReader.read(Servers.brokers(), topic + ".dlq")).hasSize(1));
        delete("parallel");
    }

    private static void send(String topic, String value) {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", Servers.brokers()), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, value));
        }
    }

    private void awaitLate(int n) {
        await().untilAsserted(() -> assertThat(count("select count(*) from task where workflow = 'late'"))
                .isEqualTo(n));
    }

    @Test
    void aHookThatIsEditedAnswersAllTheTime() {
        ApiClient api = new ApiClient(port, "ada", "secret");
        await().until(() -> post(api) == 200);
        trigger("hook", HOOK, "after");

        await().until(() -> {
            assertThat(post(api)).isIn(200, 503); // 503: between the old route and the new one
            return count("select count(*) from task where submitted_by = 'ada' and workflow = 'after'") > 0;
        });

        delete("hook");
        await().untilAsserted(() -> assertThat(post(api)).isEqualTo(404));
    }

    @Test
    void aHookWhoseNewPathIsTakenAnswersOnItsOldOne() {
        ApiClient api = new ApiClient(port, "ada", "secret");
        trigger("first-hook", HOOK.replace("edited", "first"), "before");
        trigger("second-hook", HOOK.replace("edited", "second"), "before");
        await().until(() -> api.post("/hooks/first", "{}").status() == 200
                && api.post("/hooks/second", "{}").status() == 200);

        trigger("second-hook", HOOK.replace("edited", "first"), "before");

        awaitHealth(200, "second-hook.camel.yaml");
        assertThat(api.post("/hooks/second", "{}").status()).isEqualTo(200);
        assertThat(api.post("/hooks/first", "{}").status()).isEqualTo(200);
        delete("first-hook");
        delete("second-hook");
    }

    @Test
    void aVersionThatCannotStartLeavesTheOneBeforeReading() {
        String topic = Servers.newTopic("kept", 1);
        trigger("kept", "{uri: 'kafka:%s'}".formatted(topic), "kept-work");
        awaitHealth(200, "");
        send(topic, 0, 10);
        awaitTasks("kept-work", 10);

        trigger("kept", "{uri: 'kafka:%s?keyDeserializer=no.such.Deserializer'}".formatted(topic), "kept-work");
        awaitHealth(200, "kept.camel.yaml");
        send(topic, 10, 20);
        awaitTasks("kept-work", 20);

        trigger("kept", "{uri: 'kafka:%s'}".formatted(topic), "kept-after");
        awaitHealth(200, "");
        await().until(() -> {
            send(topic, 20, 21);
            return count("select count(*) from task where workflow = 'kept-after'") > 0;
        });
        delete("kept");
    }

    /** A person paused it: an edit that fails does not have it run again. */
    @ParameterizedTest
    @ValueSource(strings = {"kafka:stays", "platform-http:/hooks/stays"})
    void aVersionThatCannotStartLeavesTheOneBeforeSuspended(String source) throws Exception {
        String topic = Servers.newTopic("stays", 1);
        String from = "{uri: '%s'}".formatted(source.replace("kafka:stays", "kafka:" + topic));
        String workflow = source.startsWith("kafka") ? "stays-records" : "stays-requests";
        trigger("stays", from, workflow, "{}");
        await().until(() -> status("stays") == ServiceStatus.Started);
        camel.getRouteController().suspendRoute(route("stays"));

        trigger("stays", "{uri: 'kafka:%s?keyDeserializer=no.such.Deserializer'}".formatted(topic), workflow, "{}");
        awaitHealth(200, "stays.camel.yaml");
        assertThat(status("stays")).isEqualTo(ServiceStatus.Suspended);

        trigger("stays", from, workflow, "{}");
        awaitHealth(200, "");
        camel.getRouteController().resumeRoute(route("stays"));
        ApiClient api = new ApiClient(port, "ada", "secret");
        await().until(() -> {
            send(topic, 0, 1);
            api.post("/hooks/stays", "{}");
            return count("select count(*) from task where workflow = '%s'".formatted(workflow)) > 0;
        });
        delete("stays");
        await().until(() -> route("stays") == null);
    }

    private @Nullable String route(String trigger) {
        return camel.getRoutes().stream()
                .map(Route::getRouteId)
                .filter(id -> RouteIds.logical(id).equals(trigger))
                .findFirst()
                .orElse(null);
    }

    private @Nullable ServiceStatus status(String trigger) {
        String id = route(trigger);
        return id == null ? null : camel.getRouteController().getRouteStatus(id);
    }

    @Test
    void aTriggerBehindALeaseIsSwappedAndTakesEachRecordOnce() {
        String topic = Servers.newTopic("led", 1);
        String from = "{uri: 'master:led:kafka:%s'}".formatted(topic);
        for (int swap = 0; swap < 4; swap++) {
            trigger("led", from, "led-work-" + swap);
            send(topic, swap * 10, swap * 10 + 10);
            int sum = swap * 10 + 10;
            await().untilAsserted(() -> assertThat(count("select count(*) from task where submitted_by = 'led'"))
                    .isEqualTo(sum));
        }
        assertThat(count("select count(distinct input->>'n') from task where submitted_by = 'led'"))
                .isEqualTo(40);
        assertThat(triggers.triggers())
                .as("its lag is measured and it pauses, as that of any other, in a group of its own")
                .anySatisfy(trigger -> {
                    assertThat(trigger.name()).isEqualTo("led");
                    assertThat(trigger.group()).isEqualTo("drover-led");
                    assertThat(trigger.topics()).containsExactly(topic);
                });
        assertThat(Thread.getAllStackTraces().keySet().stream().map(Thread::getName))
                .as("its consumer knows whose it is")
                .anyMatch(name -> name.startsWith("kafka-led-"));
        delete("led");
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("kafka-led-")));
    }

    /** Its last poll is broken off in the middle: what it has read by then is not read again for the other workflow. */
    @Test
    void aTriggerThatIsEditedWithinAPollTakesEachRecordOnce() throws Exception {
        String topic = Servers.newTopic("within", 1);
        String slow =
                "{uri: 'kafka:%s', steps: [{delay: {expression: {constant: {expression: '100'}}}}, {to: {uri: 'task:within-before'}}]}";
        for (String workflow : new String[] {"within-before", "within-after"}) {
            write(
                    workflow,
                    "- route: {id: %1$s, from: {uri: 'task:%1$s', steps: [{log: {message: worked}}]}}"
                            .formatted(workflow));
        }
        send(topic, 0, 40); // there before it reads, and so in one poll
        write("within", "- route: {id: within, from: %s}".formatted(slow.formatted(topic)));
        await().until(() -> count("select count(*) from task where workflow = 'within-before'") > 3);
        // as when Camel looks in the moment between two records, where none is under way
        ServiceHelper.stopService(camel.getRoute(route("within")).getConsumer());

        write(
                "within",
                "- route: {id: within, from: %s}"
                        .formatted(slow.formatted(topic).replace("within-before", "within-after")));

        await().untilAsserted(() -> assertThat(
                        count("select count(distinct input->>'n') from task where submitted_by = 'within'"))
                .isEqualTo(40));
        assertThat(count("select count(*) from task where workflow = 'within-after'"))
                .as("read by the new version")
                .isPositive();
        assertThat(count("select count(*) from task where submitted_by = 'within'"))
                .as("taken once")
                .isEqualTo(40);
        delete("within");
    }

    /** What looks after schedules that no route has leaves it alone. */
    @Test
    void aScheduleBehindALeaseFiresOnAfterItIsEdited() {
        for (String workflow : new String[] {"ticked", "ticked-after"}) {
            trigger("ticking", "{uri: 'master:ticking:quartz:ticking?cron=*+*+*+*+*+?'}", workflow, "{}");
            await().until(() -> count("select count(*) from task where workflow = '%s'".formatted(workflow)) > 3);
        }
        delete("ticking");
    }

    private void awaitTasks(String workflow, int n) {
        await().untilAsserted(
                        () -> assertThat(count("select count(*) from task where workflow = '%s'".formatted(workflow)))
                                .isEqualTo(n));
    }

    @Test
    void aRecordWhoseKeyIsAPositionTakesNoRecordAway() {
        String topic = Servers.newTopic("positions", 1);
        trigger("positions", "{uri: 'kafka:%s'}".formatted(topic), "before");
        write(
                "positions",
                "- route: {id: positions, from: {uri: 'kafka:%s', steps: [{to: {uri: 'task:before', parameters: {key: '${header[kafka.KEY]}'}}}]}}"
                        .formatted(topic));
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", Servers.brokers()), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, topic + "/0/1", "{\"n\":1}"));
            producer.send(new ProducerRecord<>(topic, null, "{\"n\":2}"));
        }

        await().untilAsserted(() -> assertThat(count("select count(*) from task where submitted_by = 'positions'"))
                .isEqualTo(2));
        assertThat(TopicReader.read(Servers.brokers(), topic + ".dlq")).isEmpty();
        delete("positions");
    }

    private static int post(ApiClient api) {
        return api.post("/hooks/edited", "{\"n\":1}").status();
    }

    private void awaitHealth(int status, String told) {
        ApiClient api = new ApiClient(port, "ada", "secret");
        await().untilAsserted(() -> {
            ApiClient.Answer answer = api.get("/health/ready");
            assertThat(answer.status()).as(answer.body()).isEqualTo(status);
            assertThat(answer.body()).contains(told);
        });
    }

    private void awaitRecords(int n) {
        await().untilAsserted(() -> assertThat(
                        count(
                                "select count(distinct input->>'n') from task where submitted_by = 'records' and (input->>'n')::int < 1000"))
                .isEqualTo(n));
    }

    private int count(String sql) {
        return jdbc.sql(sql).query(Integer.class).single();
    }

    private static void send(int from, int to) {
        send(TOPIC, from, to);
    }

    private static void send(String topic, int from, int to) {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", Servers.brokers()), new StringSerializer(), new StringSerializer())) {
            for (int n = from; n < to; n++) {
                producer.send(new ProducerRecord<>(topic, "{\"n\":%d}".formatted(n)));
            }
        }
    }

    /** A trigger that submits this input, and the workflow that it feeds. */
    private static void trigger(String id, String from, String workflow, String input) {
        String body = ", steps: [{setBody: {expression: {constant: {expression: '%s'}}}}, {to: {uri: 'task:%s'}}]}";
        write(
                workflow,
                "- route: {id: %1$s, from: {uri: 'task:%1$s', steps: [{log: {message: worked}}]}}".formatted(workflow));
        write(
                id,
                "- route: {id: %s, from: %s}".formatted(id, from.replaceFirst("}$", body.formatted(input, workflow))));
    }

    /** A trigger, and the workflow that it feeds. */
    private static void trigger(String id, String from, String workflow) {
        write(
                workflow,
                "- route: {id: %1$s, from: {uri: 'task:%1$s', steps: [{log: {message: worked}}]}}".formatted(workflow));
        write(
                id,
                "- route: {id: %s, from: %s}"
                        .formatted(id, from.replaceFirst("}$", ", steps: [{to: {uri: 'task:" + workflow + "'}}]}")));
    }

    private static void write(String id, String text) {
        try {
            Path fresh = Files.writeString(FILES.resolve(id + ".tmp"), text);
            Files.move(fresh, FILES.resolve(id + ".camel.yaml"), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(String id) {
        try {
            Files.delete(FILES.resolve(id + ".camel.yaml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path directory() {
        try {
            return Files.createTempDirectory("triggers");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
