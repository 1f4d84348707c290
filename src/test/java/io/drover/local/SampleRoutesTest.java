package io.drover.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.TestDatabase;
import io.drover.journal.Mode;
import io.drover.journal.TaskIds;
import io.drover.json.Json;
import io.drover.task.Submit;
import io.drover.task.TaskService;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.client.TestRestTemplate;
import org.springframework.http.HttpEntity;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The sample routes as they are in {@code routes/}, on a real PostgreSQL, a real Kafka and real HTTP back ends. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class SampleRoutesTest {

    private static final SampleBackEnds BACK_ENDS = SampleBackEnds.temporary();
    private static final SampleModel MODEL = new SampleModel(0, ModelScript.read());
    private static final String TOPIC = Servers.newTopic("support-tickets", 2);
    private static final String RESULTS = Servers.newTopic("support-results", 1);
    private static final AtomicInteger NUMBERS = new AtomicInteger(100_000);

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry registry) {
        String database = TestDatabase.migrated();
        SampleTables.create(database);
        LocalStand.sampleSettings(database, Servers.brokers(), BACK_ENDS.url(), MODEL.url())
                .forEach((name, value) -> registry.add(name, () -> value));
        registry.add("support.topic", () -> TOPIC);
        registry.add("support.results.topic", () -> RESULTS);
        registry.add("camel.component.kafka.group-id", () -> TOPIC);
    }

    @AfterAll
    static void stop() {
        BACK_ENDS.close();
        MODEL.close();
    }

    @Autowired
    JdbcClient jdbc;

    @Autowired
    TaskService tasks;

    @Autowired
    TestRestTemplate http;

    @Test
    void answersAQuestionAndPublishesTheResult() {
        String ticket = feed(ticket("question", "ada@first.example"));

        assertStatus(ticket, "COMPLETED");
        assertThat(calls(ticket))
                .containsExactlyInAnyOrder(
                        "crm_lookup SUCCEEDED 1",
                        "past_tickets SUCCEEDED 1",
                        "find_answer SUCCEEDED 1",
                        "send_reply SUCCEEDED 1",
                        "save_ticket SUCCEEDED 1",
                        "publish_result SUCCEEDED 1");
        assertThat(task(ticket).get("output").toString())
                .contains("\"customer\":\"Ada\"", "\"earlierTickets\":0", "parcels take two to four working days");
        await().untilAsserted(() -> assertThat(published(ticket)).hasSize(1));
        assertThat(TopicReader.header(published(ticket).get(0), "Idempotency-Key"))
                .isNotEmpty();
        assertThat(jdbc.sql("select category from support.ticket where ticket_id = ?")
                        .param(ticket)
                        .query(String.class)
                        .single())
                .isEqualTo("question");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    question  | tom/jerry?x=1&y=2#z@mail.example | crm_lookup SUCCEEDED 1
                    question  | ada@crm-flaky.example            | crm_lookup SUCCEEDED 2
                    question  | ada@crm-down.example             | crm_lookup SUCCEEDED 3 by crm_copy
                    question  | ada@mail-flaky.example           | send_reply SUCCEEDED 5
                    refund    | ada@mail.example                 | refund SUCCEEDED 1
                    refund    | ada@pay-busy.example             | refund SUCCEEDED 2
                    refund    | ada@pay-lost.example             | refund SUCCEEDED 1
                    complaint | ada@mail.example                 | voucher SUCCEEDED 1
                    """)
    void completesInSpiteOf(String category, String email, String call) {
        String ticket = feed(ticket(category, email));

        assertStatus(ticket, "COMPLETED");
        assertThat(calls(ticket)).contains(call);
    }

    @Test
    void refundsOnceWhenTheAnswerWasLost() {
        long before = BACK_ENDS.done("refund");

        String ticket = feed(ticket("refund", "grace@pay-lost.example"));

        assertStatus(ticket, "COMPLETED");
        assertThat(calls(ticket)).contains("refund SUCCEEDED 1", "refund_status SUCCEEDED 1");
        assertThat(BACK_ENDS.done("refund")).isEqualTo(before + 1);
    }

    @Test
    void waitsForAPersonWhenNobodyElseKnowsWhetherItHappened() {
        String ticket = feed(ticket("complaint", "ada@voucher-lost.example"));

        assertStatus(ticket, "WAITING");
        assertThat(task(ticket)).containsEntry("wait_reason", "IN_DOUBT");
        assertThat(calls(ticket)).contains("voucher IN_DOUBT 1");
    }

    @ParameterizedTest
    @CsvSource({
        "question, ada@mail-down.example, 3, tool:send_reply failed: HTTP 500",
        "refund, ada@pay-down.example, 3, it did not happen"
    })
    void isDeadWhenTheAttemptsAreSpent(String category, String email, int attempts, String error) {
        String ticket = feed(ticket(category, email));

        assertStatus(ticket, "DEAD");
        assertThat(task(ticket)).containsEntry("attempt", attempts);
        assertThat(task(ticket).get("error").toString()).contains(error);
    }

    @Test
    void isDeadAtOnceWhenAnotherAttemptCannotGoBetter() {
        Map<String, Object> unknownOrder = ticket("refund", "ada@mail.example");
        unknownOrder.put("orderId", "O-9999");

        String ticket = feed(unknownOrder);

        assertStatus(ticket, "DEAD");
        assertThat(task(ticket)).containsEntry("attempt", 1);
        assertThat(task(ticket).get("error").toString()).contains("tool:order_lookup failed: HTTP 404");
    }

    @Test
    void makesOneTaskOfARecordThatComesTwice() {
        Map<String, Object> ticket = ticket("question", "ada@mail.example");

        feed(ticket);
        String key = feed(ticket);

        assertStatus(key, "COMPLETED");
        assertThat(jdbc.sql("select count(*) from task where key = ?")
                        .param(key)
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);
    }

    @Test
    void putsARecordWithAKnownKeyAndAnotherTicketIntoTheDeadLetterTopic() {
        Map<String, Object> ticket = ticket("question", "ada@mail.example");
        String key = feed(ticket);
        ticket.put("subject", "Something else");
        feed(ticket);

        ConsumerRecord<byte[], byte[]> letter = deadLetter(key);

        assertThat(TopicReader.header(letter, "drover-reason")).contains("has this key and another input");
        assertStatus(key, "COMPLETED");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"ticketId":"T-1000"                                                              | is not JSON
                    {"ticketId":"T-1000","email":"a@b","category":"praise","subject":"x"}             | category
                    {"ticketId":"T-1000","email":"a@b","category":"refund","subject":"x"}             | orderId
                    {"ticketId":"T-1000","email":"a@b","category":"question","subject":"x","x":1}     | 'x'
                    """)
    void putsARecordThatIsNoTicketIntoTheDeadLetterTopicUntouched(String payload, String reason) {
        String key = "key-" + NUMBERS.incrementAndGet();
        TicketFeed.send(
                Servers.brokers(),
                TOPIC,
                List.of(new TicketFeed.Ticket(key, payload.getBytes(StandardCharsets.UTF_8))));

        ConsumerRecord<byte[], byte[]> letter = deadLetter(key);

        assertThat(new String(letter.value(), StandardCharsets.UTF_8)).isEqualTo(payload);
        assertThat(TopicReader.header(letter, "drover-reason")).contains(reason);
        assertThat(TopicReader.header(letter, "drover-origin-topic")).isEqualTo(TOPIC);
        assertThat(TopicReader.header(letter, "drover-origin-partition")).isNotEmpty();
        assertThat(TopicReader.header(letter, "drover-origin-offset")).isNotEmpty();
    }

    @Test
    void takesATicketOverTheHook() {
        Map<String, Object> ticket = ticket("question", "ada@mail.example");
        String key = ticket.get("ticketId").toString();

        assertThat(post(key, Json.write(ticket)).getStatusCode().value()).isEqualTo(202);
        assertThat(post(key, Json.write(ticket)).getBody()).contains("\"known\":true");
        assertStatus(key, "COMPLETED");
        assertThat(post(key, "{\"ticketId\":").getStatusCode().value()).isEqualTo(400);
    }

    @Test
    void aModelProposesWhatToDo() {
        Map<String, Object> ticket = ticket("other", "ada@mail.example");
        ticket.put("subject", "It came broken");
        ticket.put("orderId", "O-1234");

        String key = feed(ticket);

        assertStatus(key, "COMPLETED");
        assertThat(calls(key))
                .contains("model.default SUCCEEDED 1", "order_lookup SUCCEEDED 1", "send_reply SUCCEEDED 1")
                .doesNotContain("refund SUCCEEDED 1");
        assertThat(task(key).get("output").toString())
                .contains("\"action\":\"refund\"", "A colleague looks at what you are owed for O-1234");
    }

    @Test
    void aLargeRefundWaitsForAnApprover() {
        Map<String, Object> ticket = ticket("refund", "ada@mail.example");
        ticket.put("amount", 250);
        String key = feed(ticket);

        assertStatus(key, "WAITING");
        assertThat(task(key)).containsEntry("wait_reason", "APPROVAL");
        long approval = jdbc.sql("select id from approval where task_id = ? and summary = ?")
                .params(id(key), "Refund 250 to ada@mail.example for order O-1234")
                .query(Long.class)
                .single();
        http.withBasicAuth("ann", "secret")
                .postForEntity("/api/approvals/" + approval + "/vote", Map.of("vote", "approve"), String.class);

        assertStatus(key, "COMPLETED");
        assertThat(calls(key)).contains("refund SUCCEEDED 1");
    }

    @Test
    void asksCustomersInTasksOfTheirOwnAndWaitsForTheirAnswers() {
        List<String> tickets = List.of("T-" + NUMBERS.incrementAndGet(), "T-" + NUMBERS.incrementAndGet());
        List<Map<String, String>> questions = tickets.stream()
                .map(ticket -> Map.of("ticketId", ticket, "email", "ada@mail.example", "question", "Did it arrive?"))
                .toList();
        UUID survey = tasks.submit(new Submit("survey", null, Json.write(questions), null, Duration.ZERO, "test"))
                .join()
                .id();
        await().until(() -> jdbc.sql("select key from task where parent = ? and wait_reason = 'SIGNAL' order by key")
                .param(survey)
                .query(String.class)
                .list()
                .equals(tickets));

        for (String ticket : tickets.reversed()) {
            http.withBasicAuth("ada", "secret")
                    .postForEntity(
                            "/api/signals/customer-replied?key=" + ticket,
                            Map.of("text", "yes, " + ticket),
                            String.class);
        }

        await().untilAsserted(() -> assertThat(jdbc.sql("select coalesce(output::text, status) from task where id = ?")
                        .param(survey)
                        .query(String.class)
                        .single())
                .isEqualTo(
                        "{\"asked\":2,\"answers\":[%s]}",
                        tickets.stream()
                                .map(
                                        "{\"ticketId\":\"%1$s\",\"outcome\":\"received\",\"answer\":{\"text\":\"yes, %1$s\"}}"
                                                ::formatted)
                                .collect(Collectors.joining(","))));
    }

    @Test
    void makesTheDigestOfADay() {
        UUID digest = tasks.submit(
                        new Submit("ticket-digest", "test", "{\"day\":\"2026-01-31\"}", null, Duration.ZERO, "test"))
                .join()
                .id();

        await().untilAsserted(() -> assertThat(jdbc.sql("select output::text from task where id = ?")
                        .param(digest)
                        .query(String.class)
                        .optional())
                .contains("{\"day\":\"2026-01-31\",\"counts\":[]}"));
    }

    /** What a dry run leaves: itself, and nothing at any back end, in any table, on any topic. */
    @ParameterizedTest
    @CsvSource({
        "question, ada@mail.example",
        "refund, ada@mail.example",
        "refund, ada@pay-lost.example",
        "complaint, ada@mail.example",
        "complaint, ada@voucher-lost.example",
        "question, ada@crm-down.example",
        "other, ada@mail.example"
    })
    void aDryRunHasNoEffect(String category, String email) {
        Map<String, Object> ticket = ticket(category, email);
        ticket.computeIfPresent("amount", (name, amount) -> 250);
        String key = ticket.get("ticketId").toString();
        List<Long> before = done();

        UUID task = dryRun("support-ticket", Json.write(ticket));

        assertThat(done()).isEqualTo(before);
        assertThat(published(key)).isEmpty();
        assertThat(jdbc.sql("select count(*) from support.ticket where ticket_id = ?")
                        .param(key)
                        .query(Integer.class)
                        .single())
                .isZero();
        assertThat(jdbc.sql("select count(*) from approval where task_id = ?")
                        .param(task)
                        .query(Integer.class)
                        .single())
                .isZero();
        assertThat(jdbc.sql("select tool from call c join preview p using (task_id, address) where task_id = ?")
                        .param(task)
                        .query(String.class)
                        .list())
                .contains("send_reply", "save_ticket", "publish_result")
                .doesNotContain("crm_lookup", "past_tickets", "order_lookup", "model.default");
    }

    @Test
    void aDryRunOfTheOtherWorkflowsHasNoEffect() {
        String ticket = "T-" + NUMBERS.incrementAndGet();
        List<Long> before = done();

        dryRun("survey", Json.write(List.of(Map.of("ticketId", ticket, "email", "a@mail.example", "question", "?"))));
        dryRun("ticket-digest", "{\"day\":\"2026-01-30\"}");

        assertThat(done()).isEqualTo(before);
        assertThat(published("digest-2026-01-30")).isEmpty();
        assertThat(jdbc.sql("select mode from task where workflow = 'ask-customer' and key = ?")
                        .param(ticket)
                        .query(String.class)
                        .list())
                .containsExactly("dry-run");
    }

    private UUID dryRun(String workflow, String input) {
        UUID task = tasks.submit(new Submit(workflow, null, input, null, Duration.ZERO, "test").in(Mode.DRY_RUN))
                .join()
                .id();
        await().untilAsserted(() -> assertThat(jdbc.sql("select concat(status, ' ', error) from task where id = ?")
                        .param(task)
                        .query(String.class)
                        .single())
                .isEqualTo("COMPLETED "));
        return task;
    }

    private static List<Long> done() {
        return List.of(BACK_ENDS.done("refund"), BACK_ENDS.done("voucher"), BACK_ENDS.done("mail"));
    }

    private ResponseEntity<String> post(String key, String body) {
        HttpHeaders headers = new HttpHeaders();
        headers.setContentType(MediaType.APPLICATION_JSON);
        headers.set("Idempotency-Key", key);
        return http.withBasicAuth("ada", "secret")
                .exchange("/hooks/tickets", HttpMethod.POST, new HttpEntity<>(body, headers), String.class);
    }

    private static Map<String, Object> ticket(String category, String email) {
        Map<String, Object> ticket = new LinkedHashMap<>();
        ticket.put("ticketId", "T-" + NUMBERS.incrementAndGet());
        ticket.put("email", email);
        ticket.put("category", category);
        ticket.put("subject", "Where is my parcel?");
        if (category.equals("refund")) {
            ticket.put("orderId", "O-1234");
            ticket.put("amount", 12.5);
        }
        return ticket;
    }

    private static String feed(Map<String, Object> ticket) {
        String key = ticket.get("ticketId").toString();
        TicketFeed.send(
                Servers.brokers(),
                TOPIC,
                List.of(new TicketFeed.Ticket(key, Json.write(ticket).getBytes(StandardCharsets.UTF_8))));
        return key;
    }

    private void assertStatus(String ticket, String status) {
        await().alias(ticket).untilAsserted(() -> {
            List<Map<String, Object>> found = rows(ticket);
            assertThat(found).hasSize(1);
            assertThat(found.get(0).get("status") + " " + found.get(0).get("error"))
                    .startsWith(status + " ");
            if (status.equals("WAITING")) {
                assertThat(found.get(0)).doesNotContainEntry("wait_reason", "RETRY");
            }
        });
    }

    private Map<String, Object> task(String ticket) {
        return rows(ticket).get(0);
    }

    private List<Map<String, Object>> rows(String ticket) {
        return jdbc.sql("select * from task where id = ?")
                .param(id(ticket))
                .query()
                .listOfRows();
    }

    private List<String> calls(String ticket) {
        return jdbc.sql(
                        """
                        select concat(tool, ' ', state, ' ', tries, ' by ' || fallback) from call where task_id = ? order by n
                        """)
                .param(id(ticket))
                .query(String.class)
                .list();
    }

    private static UUID id(String ticket) {
        return TaskIds.of("support-ticket", ticket);
    }

    private static List<ConsumerRecord<byte[], byte[]>> published(String ticket) {
        return keyed(RESULTS, ticket);
    }

    private static ConsumerRecord<byte[], byte[]> deadLetter(String key) {
        await().untilAsserted(() -> assertThat(keyed(TOPIC + ".dlq", key)).hasSize(1));
        return keyed(TOPIC + ".dlq", key).get(0);
    }

    private static List<ConsumerRecord<byte[], byte[]>> keyed(String topic, String key) {
        return TopicReader.read(Servers.brokers(), topic).stream()
                .filter(record -> key.equals(new String(record.key(), StandardCharsets.UTF_8)))
                .toList();
    }
}
