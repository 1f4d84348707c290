package io.drover.encryption;

import static io.drover.local.SampleModel.call;
import static io.drover.local.SampleModel.text;
import static io.drover.local.SampleModel.toolResults;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.drover.TestDatabase;
import io.drover.api.ApiClient;
import io.drover.api.ApiClient.Answer;
import io.drover.journal.CallScope;
import io.drover.journal.Journal;
import io.drover.journal.LateResult;
import io.drover.journal.SetAside;
import io.drover.json.Json;
import io.drover.local.SampleModel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** With a keyset no payload reaches the database: a text that is in all of them is looked for everywhere. */
@DirtiesContext
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "drover.routes.directory=src/test/resources/routes-encryption",
            "drover.models.default.model=sample",
            "drover.models.default.price.in=1",
            "drover.models.default.price.out=2",
            "drover.security.users[0].name=ann",
            "drover.security.users[0].password-hash=" + SealedDatabaseTest.HASH,
            "drover.security.users[0].roles=approver, operator",
            "drover.security.users[1].name=bob",
            "drover.security.users[1].password-hash=" + SealedDatabaseTest.HASH,
            "drover.security.users[1].roles=operator, submitter",
        })
class SealedDatabaseTest {

    static final String HASH = "$2b$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW";
    private static final String MARK = "quagmire-words";

    @TempDir
    static Path directory;

    private static final SampleModel MODEL = new SampleModel(
            0,
            request -> toolResults(request).isEmpty()
                    ? call("look", "{\"text\":\"%s\"}".formatted(MARK))
                    : text("the clerk knows " + MARK));

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry registry) {
        TestDatabase.ofTwoRoles(registry);
        Path keyset = Keysets.create(directory);
        registry.add("drover.encryption.keyset", keyset::toString);
        registry.add("drover.models.default.url", MODEL::url);
    }

    @LocalServerPort
    int port;

    @Value("${spring.datasource.url}")
    String url;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    Journal journal;

    @Autowired
    SetAside setAside;

    @Autowired
    Seals seals;

    @Test
    void noPayloadReachesTheDatabase() {
        String order = UUID.randomUUID().toString();
        String story = submit("story", "{\"text\":\"%s\",\"order\":\"%s\"}".formatted(MARK, order));
        waits(story, "SIGNAL");
        assertThat(ann().post("/api/signals/replied?key=" + order, "{\"said\":\"%s\"}".formatted(MARK))
                        .status())
                .isEqualTo(202);
        waits(story, "APPROVAL");
        vote(story, "approve");
        ended(story, "COMPLETED");
        String told = jdbc.sql("select id from task where workflow = 'on-end' order by created_at desc limit 1")
                .query(String.class)
                .single();
        ended(told, "COMPLETED");
        String rejected = submit("plan", "{\"text\":\"%s\",\"order\":\"%s\"}".formatted(MARK, UUID.randomUUID()));
        waits(rejected, "APPROVAL");
        vote(rejected, "reject");
        ended(rejected, "DEAD");
        String broken = submit("broken", "{\"text\":\"%s\"}".formatted(MARK));
        ended(broken, "DEAD");
        List<String> doubtful = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            doubtful.add(submit("doubtful", "{\"text\":\"%s\"}".formatted(MARK)));
            waits(doubtful.getLast(), "IN_DOUBT");
        }
        assertThat(bob().get("/api/calls/in-doubt").body()).contains("the line broke");
        bob().post(
                        "/api/tasks/" + doubtful.getFirst() + "/calls/1/resolve",
                        "{\"resolution\":\"happened\",\"result\":\"so %s\"}".formatted(MARK));
        Answer settled = bob().post(
                        "/api/calls/resolve",
                        "{\"tool\":\"risky\",\"expected\":1,\"resolution\":\"happened\",\"result\":\"all %s\"}"
                                .formatted(MARK));
        assertThat(settled.status()).as(settled.body()).isEqualTo(200);
        doubtful.forEach(task -> ended(task, "COMPLETED"));
        String plan =
                submit("plan?mode=dry-run", "{\"text\":\"%s\",\"order\":\"%s\"}".formatted(MARK, UUID.randomUUID()));
        ended(plan, "COMPLETED");
        String live = bob().post("/api/tasks/" + plan + "/execute", "")
                .json()
                .path("id")
                .asText();
        waits(live, "APPROVAL");
        vote(live, "approve");
        ended(live, "COMPLETED");
        String asked = submit("ask", "{\"text\":\"%s\"}".formatted(MARK));
        ended(asked, "COMPLETED");
        journal.keepLate(new LateResult(
                        UUID.fromString(story), UUID.randomUUID(), "look", 1, "late", "\"%s\"".formatted(MARK)))
                .join();
        setAside.add(
                new SetAside.Position("orders", "topic", 0, 1),
                new SetAside.Content(
                        1,
                        MARK.getBytes(StandardCharsets.UTF_8),
                        ("payload " + MARK).getBytes(StandardCharsets.UTF_8),
                        List.of(new SetAside.Header("h", MARK.getBytes(StandardCharsets.UTF_8)))),
                new SetAside.Why("why " + MARK, "Some", "refused " + MARK));

        assertThat(found()).isEmpty();
        assertThat(guessed()).isEmpty();
        assertThat(sealedColumns())
                .as("else it is not shown")
                .containsAll(Stream.of(SealedColumn.values())
                        .map(SealedColumn::column)
                        .filter(column -> !column.equals("attempt.error"))
                        .toList());
        // and the process itself, and who may read them, know all of them
        SoftAssertions.assertSoftly(softly -> {
            softly.check(() -> shows(
                    "/api/tasks/" + story,
                    "found " + MARK,
                    "a part of " + MARK,
                    "charged " + MARK,
                    "\"said\":\"" + MARK));
            softly.check(() -> shows("/api/tasks/" + told, "\"output\" : \"charged " + MARK));
            softly.check(() -> shows("/api/tasks/" + broken, "nothing helps " + MARK));
            softly.check(() -> shows("/api/tasks/" + rejected, "rejected approval", "as " + MARK + " wishes"));
            softly.check(() -> shows("/api/tasks/" + doubtful.getFirst(), "so " + MARK));
            softly.check(() -> shows("/api/tasks/" + doubtful.getLast(), "all " + MARK));
            softly.check(() -> shows("/api/tasks/" + plan, MARK));
            softly.check(() -> shows("/api/tasks/" + live, "charged " + MARK));
            softly.check(() -> shows("/api/tasks/" + asked, "the clerk knows " + MARK, "asks " + MARK, "costUsd"));
            softly.check(() -> shows("/api/audit?task=" + doubtful.getFirst(), "so " + MARK));
            softly.check(() -> shows("/api/audit?task=" + rejected, "as " + MARK + " wishes"));
            softly.check(() -> shows("/api/dead", "nothing helps " + MARK));
            softly.check(() -> shows("/api/set-aside", "why " + MARK, "refused " + MARK));
            softly.check(() -> shows("/api/memory?key=customer/" + order, "Likes " + MARK));
            softly.check(() -> shows("/console/tasks/" + story, "found " + MARK));
            softly.check(() -> shows("/console/dead", "nothing helps " + MARK));
        });
        String reason = ann().get("/api/dead").json().at("/groups").findValuesAsText("reason").stream()
                .filter(one -> one.contains(MARK))
                .findFirst()
                .orElseThrow();
        assertThat(jdbc.sql("select dead_cause(error) from task where id = ?")
                        .param(UUID.fromString(broken))
                        .query(String.class)
                        .single())
                .isIn((Object[]) seals.causes(reason))
                .isNotEqualTo(reason);
        SetAside.Content content =
                setAside.content(setAside.list("orders", 1).getFirst().id(), 8, 5);
        assertThat(new String(content.payload(), StandardCharsets.UTF_8)).isEqualTo(MARK.substring(0, 5));
        assertThat(setAside.list("orders", 1).getFirst().payloadBytes()).isEqualTo(("payload " + MARK).length());
    }

    @Test
    void aTaskOfWhichACallWasMovedWaitsUntilItIsRestored() {
        String first = UUID.randomUUID().toString();
        String story = submit("story", "{\"text\":\"one\",\"order\":\"%s\"}".formatted(first));
        String other = submit("story", "{\"text\":\"two\",\"order\":\"%s\"}".formatted(UUID.randomUUID()));
        waits(story, "SIGNAL");
        waits(other, "SIGNAL");
        JdbcClient database = TestDatabase.directly(url);
        String result = database.sql("select result::text from call where task_id = ? and n = 1")
                .param(UUID.fromString(story))
                .query(String.class)
                .single();
        database.sql(
                        """
                        update call set result = o.result from call o
                         where call.task_id = :task and call.n = 1 and o.task_id = :other and o.n = 1
                        """)
                .param("task", UUID.fromString(story))
                .param("other", UUID.fromString(other))
                .update();
        int attempts = bob().get("/api/tasks/" + story).json().path("attempt").asInt();

        bob().post("/api/signals/replied?key=" + first, "{}");

        await().untilAsserted(() -> shows("/api/tasks/" + story, "was moved there"));
        waits(story, "DELAY");
        assertThat(bob().get("/api/tasks/" + story).json().path("attempt").asInt())
                .isEqualTo(attempts);
        database.sql("update call set result = ?::json where task_id = ? and n = 1")
                .params(result, UUID.fromString(story))
                .update();
        database.sql("update task set run_at = now() where id = ?")
                .param(UUID.fromString(story))
                .update();
        waits(story, "APPROVAL");
        Stream.of(story, other).forEach(task -> bob().post("/api/tasks/" + task + "/cancel", ""));
    }

    @Test
    void isNotReadyWhereAKeyIsMissing() {
        await().until(() -> ann().get("/health/ready").status() == 200);
        JdbcClient database = TestDatabase.directly(url);
        database.sql("insert into sealing_key (id) values ('4242')").update();
        try {
            await().until(() -> ann().get("/health/ready").status() == 503);
            shows("/health/ready", "this process does not have (4242); set drover.encryption.keyset");
        } finally {
            database.sql("delete from sealing_key where id = '4242'").update();
        }
        await().until(() -> ann().get("/health/ready").status() == 200);
    }

    private void shows(String path, String... texts) {
        assertThat(ann().get(path).body()).as(path).contains(texts);
    }

    /** The columns, of any type, in which the text is, or what it looks like in Base64 or in hexadecimal digits. */
    private Set<String> found() {
        JdbcClient database = TestDatabase.directly(url);
        byte[] bytes = MARK.getBytes(StandardCharsets.UTF_8);
        Set<String> needles = new TreeSet<>(Set.of(MARK));
        StringBuilder hex = new StringBuilder();
        for (byte one : bytes) {
            hex.append("%02x".formatted(one));
        }
        needles.add(hex.toString());
        for (int shift = 0; shift < 3; shift++) { // where it begins within three bytes
            byte[] shifted = new byte[bytes.length + shift];
            System.arraycopy(bytes, 0, shifted, shift, bytes.length);
            String base64 = Base64.getEncoder().withoutPadding().encodeToString(shifted);
            needles.add(base64.substring(shift == 0 ? 0 : shift + 1, base64.length() - 1));
        }
        Set<String> found = new TreeSet<>();
        columns(database).forEach(column -> {
            String[] name = column.split("\\.");
            for (String needle : needles) {
                int rows = database.sql("select count(*) from %s where strpos(%s::text, ?) > 0".formatted(name))
                        .param(needle)
                        .query(Integer.class)
                        .single();
                if (rows > 0) {
                    found.add(column);
                }
            }
        });
        return found;
    }

    /** Calls whose content can be confirmed by their addresses. */
    private List<String> guessed() {
        record Made(UUID task, UUID address, String tool, String arguments) {}
        List<Made> made = jdbc.sql("select task_id, address, tool, arguments::text from call")
                .query((row, i) -> {
                    UUID task = row.getObject(1, UUID.class);
                    String tool = row.getString(3);
                    String arguments = seals.open(SealedColumn.argumentsOf(tool), task, row.getString(4));
                    return new Made(task, row.getObject(2, UUID.class), tool, arguments);
                })
                .list();
        assertThat(made).hasSizeGreaterThan(10);
        Set<UUID> callers = made.stream()
                .flatMap(call -> Stream.of(call.task, call.address))
                .collect(Collectors.toSet());
        return made.stream()
                .filter(call -> callers.stream().anyMatch(caller -> new CallScope(caller, null)
                        .address(call.tool, canonical(call.arguments), 1)
                        .equals(call.address)))
                .map(call -> call.tool)
                .toList();
    }

    private static String canonical(String document) {
        try {
            return Json.canonical(Json.parse(document));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private Set<String> sealedColumns() {
        JdbcClient database = TestDatabase.directly(url);
        Map<String, Integer> sealed = new TreeMap<>();
        for (String column : columns(database)) {
            String[] name = column.split("\\.");
            String begin = "drv1:";
            String hex = "\\x647276313a";
            int rows = database.sql(
                            "select count(*) from %1$s where strpos(%2$s::text, ?) > 0 or strpos(%2$s::text, ?) > 0"
                                    .formatted((Object[]) name))
                    .params(begin, hex)
                    .query(Integer.class)
                    .single();
            if (rows > 0) {
                sealed.put(column, rows);
            }
        }
        return sealed.keySet();
    }

    /** All columns of all tables; no name of a type is left out. */
    private static List<String> columns(JdbcClient database) {
        return database.sql(
                        """
                        select table_name || '.' || column_name from information_schema.columns
                          join information_schema.tables using (table_schema, table_name)
                         where table_schema = 'public' and table_type = 'BASE TABLE'
                           and table_name <> 'flyway_schema_history'
                        """)
                .query(String.class)
                .list();
    }

    /** A column that comes later is a payload, and sealed, or says here that it holds none. */
    @Test
    void eachColumnIsDecided() {
        Set<String> payloads =
                Stream.of(SealedColumn.values()).map(SealedColumn::column).collect(Collectors.toSet());
        assertThat(TestDatabase.directly(url)
                        .sql(
                                """
                                select table_name || '.' || column_name from information_schema.columns
                                  join information_schema.tables using (table_schema, table_name)
                                 where table_schema = 'public' and table_type = 'BASE TABLE'
                                   and table_name <> 'flyway_schema_history'
                                   and data_type not in ('uuid', 'bigint', 'integer', 'smallint', 'boolean', 'numeric',
                                                         'timestamp with time zone')
                                """)
                        .query(String.class)
                        .list())
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(CLEAR.stream(), payloads.stream()).toList());
    }

    /** Names, states, keys by which rows are found, digests, and what people write about operating. */
    private static final Set<String> CLEAR = Stream.of(
                    "api_key.created_by api_key.digest api_key.name api_key.revoked_by api_key.roles api_key.workflows",
                    "approval.approvers approval.state approval.tool",
                    "approval_notice.occasion approval_notice.tool",
                    "attempt.ending attempt.worker audit.action audit.who budget.scope",
                    "audit_chain.body audit_chain.hash audit_checkpoint.frontier audit_checkpoint.note audit_leaf.hash",
                    "audit_pruned.who",
                    "call.branch call.decided_by call.decision call.fallback call.rule call.state call.tool",
                    "call_subject.tool",
                    "effect.key effect.name effect.scope effect.tool effect_wait.key effect_wait.name effect_wait.scope",
                    "execution.who hold.kind hold.name hold.reason hold.subject hold.who",
                    "kafka_topic.first_id kafka_topic.name kafka_topic.owner late_result.reason late_result.tool",
                    "memory.embedding", // of facts from before, until they are sealed
                    "memory.key pending_call.key pending_call.name pending_call.reason preview.answered_by",
                    "record_skip.reason record_skip.topic record_skip.trigger_id record_skip.who",
                    "outcome.rollout rollout.evidence rollout.id rollout.reason rollout.settings rollout.state rollout.who",
                    "rollout.workflow rollout_look.evidence rollout_look.rollout task.rollout",
                    "shadow.difference shadow.reason shadow.rollout shadow.tool",
                    "evaluation.asked evaluation.reason evaluation.rollout evaluation.state evaluation.workflow",
                    "recovery_group.brokers recovery_group.name sealing_key.id",
                    "set_aside.error_type set_aside.topic set_aside.trigger_id signal.key signal.name signal.sent_by",
                    "standing_grant.condition standing_grant.reason standing_grant.revoked_by standing_grant.sum_of",
                    "standing_grant.tool standing_grant.who",
                    "task.held_by task.key task.key_owner task.lineage task.mode task.on_end task.parent_branch task.redact task.status",
                    "task.submitted_by task.trace task.track task.wait_reason task.workflow",
                    "vote.who worker.name worker.track worker.version")
            .flatMap(line -> Stream.of(line.split(" ")))
            .collect(Collectors.toSet());

    private void vote(String task, String vote) {
        String id = jdbc.sql("select id from approval where task_id = ? and state = 'OPEN'")
                .param(UUID.fromString(task))
                .query(String.class)
                .single();
        shows("/api/approvals/" + id, "Charge " + MARK);
        Answer answer = ann().post(
                        "/api/approvals/" + id + "/vote",
                        "{\"vote\":\"%s\",\"reason\":\"as %s wishes\"}".formatted(vote, MARK));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    private String submit(String workflow, String input) {
        Answer answer = bob().post("/api/tasks/" + workflow, input);
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        return answer.json().path("id").asText();
    }

    private void ended(String task, String status) {
        await().untilAsserted(() -> shows("/api/tasks/" + task, "\"status\":\"" + status));
    }

    private void waits(String task, String reason) {
        await().untilAsserted(() -> shows("/api/tasks/" + task, "\"waitReason\":\"" + reason));
    }

    private ApiClient ann() {
        return new ApiClient(port, "ann", "secret");
    }

    private ApiClient bob() {
        return new ApiClient(port, "bob", "secret");
    }
}
