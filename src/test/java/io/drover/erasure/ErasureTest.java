package io.drover.erasure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.TestDatabase;
import io.drover.api.ApiClient;
import io.drover.api.ApiClient.Answer;
import io.drover.audit.AuditExport;
import io.drover.audit.AuditVerifier;
import io.drover.cache.ResultCache;
import io.drover.journal.EndedTasks;
import io.drover.json.Digest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A person whose name is in all that it did is erased, and then looked for everywhere. */
@DirtiesContext
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "drover.routes.directory=src/test/resources/routes-erasure",
            "drover.security.users[0].name=" + ErasureTest.MARK,
            "drover.security.users[0].password-hash=" + ErasureTest.HASH,
            "drover.security.users[0].roles=operator, approver, submitter",
            "drover.security.users[1].name=" + ErasureTest.OTHER,
            "drover.security.users[1].password-hash=" + ErasureTest.HASH,
            "drover.security.users[1].roles=operator, approver, submitter",
            "drover.security.users[2].name=kay",
            "drover.security.users[2].password-hash=" + ErasureTest.HASH,
            "drover.security.users[2].roles=admin",
            "drover.security.users[3].name=ann",
            "drover.security.users[3].password-hash=" + ErasureTest.HASH,
            "drover.security.users[3].roles=approver, operator",
        })
class ErasureTest {

    static final String MARK = "mark3d";
    static final String OTHER = "oth3r";
    static final String HASH = "$2b$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW";

    /** Rows that change by themselves. */
    private static final Set<String> LIVELY = Set.of("worker", "api_key", "audit_leaf", "audit_checkpoint");

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry registry) {
        TestDatabase.ofTwoRoles(registry);
    }

    @LocalServerPort
    int port;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    DataSource dataSource;

    @Autowired
    ResultCache cache;

    @Autowired
    EndedTasks endedTasks;

    @BeforeEach
    void nothingIsHeld() {
        jdbc.sql("delete from hold").update();
    }

    @Test
    void aPersonIsErasedAndNothingElse() throws Exception {
        lives(OTHER);
        lives(MARK);
        Set<String> others = rowsWith(OTHER);
        Set<String> marked = tablesWith(MARK);
        assertThat(marked)
                .as("where the mark is, else nothing is shown")
                .contains(
                        "task",
                        "call",
                        "late_result",
                        "attempt",
                        "audit",
                        "approval",
                        "vote",
                        "signal",
                        "pending_call",
                        "memory",
                        "preview",
                        "budget",
                        "standing_grant",
                        "execution",
                        "record_skip");
        assertThat(cached()).as("in the cache").contains(MARK);
        Map<String, String> before = everything();
        Map<String, String> identities = identities();
        long cost = costs();

        JsonNode plan = erase(MARK, true);
        assertThat(plan.path("dryRun").asBoolean()).isTrue();
        assertThat(everything()).as("a dry run changes nothing").isEqualTo(before);
        assertThat(cached()).contains(MARK);

        JsonNode receipt = erase(MARK, false);

        assertThat(rowsWith(MARK)).isEmpty();
        assertThat(tablesWith(MARK)).isEmpty();
        assertThat(rowsWith(OTHER)).as("another user's rows").containsAll(others);
        assertThat(identities()).as("ids, outcomes and effect keys").isEqualTo(identities);
        assertThat(costs()).isEqualTo(cost).isPositive();
        assertThat(cached()).as("the other's").contains(OTHER).doesNotContain(MARK);
        assertThat(receipt.path("erased")).as("what the dry run said").isEqualTo(plan.path("erased"));
        assertThat(receipt.at("/erased/tasks").asInt()).isEqualTo(8);
        assertThat(receipt.path("erased").properties())
                .as("each store had something")
                .allMatch(store -> store.getValue().asInt() > 0);
        assertThat(receipt.path("by").asText()).isEqualTo("kay");
        assertThat(receipt.path("kept").toString()).contains("effect keys", "drover.effects.keep-keys");
        assertThat(receipt.path("notReached").toString())
                .contains("Kafka", "logs", "traces", "backups", "models", "other systems", "set-aside");
        String commitment = Base64.getEncoder()
                .encodeToString(Digest.sha256((receipt.path("salt").asText() + MARK).getBytes(StandardCharsets.UTF_8)));
        assertThat(receipt.path("commitment").asText()).isEqualTo(commitment);
        assertThat(jdbc.sql("select action from audit where who = 'kay' and detail ->> 'commitment' = ? order by id")
                        .param(commitment)
                        .query(String.class)
                        .list())
                .containsExactly("erase", "erased");
        assertThat(verify().problems()).isEmpty();

        JsonNode again = erase(MARK, false);
        assertThat(again.path("erased").properties())
                .as("nothing is left")
                .allMatch(store -> store.getValue().asInt() == 0);
        everyPageStillShows();
    }

    private void everyPageStillShows() {
        for (String task : ids("select id from task where erased_at is not null")) {
            for (String path : List.of("/api/tasks/" + task, "/console/tasks/" + task)) {
                Answer answer = ann().get(path);
                assertThat(answer.status()).as(path).isEqualTo(200);
                assertThat(answer.body()).as(path).doesNotContain(MARK);
            }
            assertThat(ann().get("/api/tasks/" + task).json().has("erasedAt")).isTrue();
        }
        for (String path : List.of(
                "/api/tasks?limit=100",
                "/api/audit",
                "/api/inbox",
                "/api/dead",
                "/api/approvals",
                "/console/tasks",
                "/console/audit",
                "/console/inbox",
                "/console/dead",
                "/console/approvals")) {
            Answer answer = ann().get(path);
            assertThat(answer.status()).as(path).isEqualTo(200);
            assertThat(answer.body()).as(path).doesNotContain(MARK);
        }
    }

    @Test
    void nothingGoesOnWithAnErasedTask() {
        ApiClient person = user("ann");
        String key = "key-" + UUID.randomUUID();
        String dead = submit(person, "broken", "{\"text\":\"x\"}", key);
        ended(dead, "DEAD");
        String plan = submit(person, "plan?mode=dry-run", "{\"text\":\"x\",\"order\":\"o\"}", "p" + key);
        ended(plan, "COMPLETED");

        erase("ann", false);

        String erased = "was erased at 2";
        ApiClient operator = user(OTHER);
        JsonNode task = operator.get("/api/tasks/" + dead).json();
        assertThat(task.path("status").asText()).isEqualTo("CANCELLED");
        assertThat(task.path("input").isNull()).isTrue();
        assertThat(task.has("submittedBy")).isFalse();
        assertThat(refused(operator.post("/api/tasks/" + dead + "/retry", ""))).contains(erased);
        assertThat(refused(operator.post("/api/tasks/" + dead + "/retry", "{\"from\":1}")))
                .contains(erased);
        assertThat(refused(operator.get("/api/tasks/" + dead + "/retry?from=1")))
                .contains(erased);
        assertThat(refused(operator.post("/api/tasks/" + plan + "/execute", "")))
                .contains(erased);
        assertThat(refused(operator.post("/api/tasks/" + plan + "/calls/1/resolve", "{\"resolution\":\"fail\"}")))
                .contains(erased);
        assertThat(jdbc.sql("select count(*) from task where id = ? and input::text = 'null'")
                        .param(UUID.fromString(dead))
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);

        assertThat(submit(person, "broken", "{\"text\":\"another\"}", key))
                .as("the key still names the task, whatever comes with it")
                .isEqualTo(dead);
        String others = submit(operator, "broken", "{\"text\":\"mine\"}", key);
        assertThat(others).as("another user's key").isNotEqualTo(dead);
        assertThat(submit(operator, "broken", "{\"text\":\"mine\"}", key)).isEqualTo(others);
        ended(others, "DEAD");
    }

    @Test
    void whatHasNotEndedIsNamedAndNothingIsErased() {
        ApiClient person = user("ann");
        String text = UUID.randomUUID().toString();
        String dead = submit(person, "broken", "{\"text\":\"%s\"}".formatted(text), text);
        ended(dead, "DEAD");
        String open = submit(person, "plan", "{\"text\":\"%s\",\"order\":\"%1$s\"}".formatted(text), "o" + text);
        waits(open, "APPROVAL");

        Answer refused = tryErase("kay", "{\"user\":\"ann\"}");

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.json().path("type").asText()).endsWith("not-ended");
        assertThat(refused.json().path("detail").asText()).contains(open, "is WAITING", "cancel them");
        assertThat(refused.json().path("tasks")).hasSize(1);
        assertThat(rowsWith(text)).anyMatch(row -> row.contains(dead)).isNotEmpty();

        user(OTHER).post("/api/tasks/" + open + "/cancel", "");
        String doubtful = submit(person, "doubtful", "{\"text\":\"%s\"}".formatted(text), "d" + text);
        waits(doubtful, "IN_DOUBT");
        user(OTHER).post("/api/tasks/" + doubtful + "/cancel", "");
        refused = tryErase("kay", "{\"user\":\"ann\"}");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.json().path("detail").asText()).contains(doubtful, "has a call in doubt");
        assertThat(rowsWith(text)).anyMatch(row -> row.contains(dead));

        assertThat(user(OTHER)
                        .post("/api/tasks/" + doubtful + "/calls/1/resolve", "{\"resolution\":\"fail\"}")
                        .status())
                .isEqualTo(200);
        erase("ann", false);
        assertThat(rowsWith(text)).isEmpty();
    }

    /** A hold, a vote or a grant that counts decides about others' tasks, too. */
    @Test
    void whatStillCountsIsKeptAndSaid() {
        String task =
                submit(user(OTHER), "plan", "{\"text\":\"x\",\"order\":\"%s\"}".formatted(UUID.randomUUID()), null);
        waits(task, "APPROVAL");
        jdbc.sql(
                        "insert into vote (approval_id, who, approves) select id, 'leaver', true from approval where task_id = ?")
                .param(UUID.fromString(task))
                .update();
        jdbc.sql("insert into hold (kind, name, reason, who) values ('USER', 'leaver', 'gone', 'ann')")
                .update();
        jdbc.sql(
                        "insert into standing_grant (tool, definition, most_calls, reason, who, until) values ('charge', 1, 1, 'why', 'leaver', now() + interval '1 h')")
                .update();

        JsonNode receipt = erase("leaver", false);

        assertThat(receipt.path("kept").toString())
                .contains("approvals", "holds by or on the user", "standing grants", "\"rows\":1");
        assertThat(tablesWith("leaver")).containsExactlyInAnyOrder("vote", "hold", "standing_grant");

        user(OTHER).post("/api/tasks/" + task + "/cancel", "");
        jdbc.sql("delete from hold").update();
        jdbc.sql("update standing_grant set revoked_at = now(), revoked_by = 'leaver'")
                .update();
        erase("leaver", false);
        assertThat(tablesWith("leaver")).isEmpty();
    }

    /** A signal that another user's task has not heard yet is not taken from it. */
    @Test
    void aSignalThatAnotherWaitsForStays() {
        String text = "heard-" + UUID.randomUUID();
        String task = submit(user(OTHER), "story", story(text), null);
        waits(task, "SIGNAL");
        jdbc.sql(
                        """
                        insert into signal (source, name, key, body, sent_by, delivered_at)
                        values (gen_random_uuid(), 'replied', :text, ('{"said":"' || :text || '"}')::json, 'ann', now())
                        """)
                .param("text", text)
                .update();

        assertThat(erase("ann", false).path("kept").toString()).contains("signals that the user sent");
        signal(user(OTHER), text);
        waits(task, "APPROVAL");
        assertThat(user(OTHER).get("/api/tasks/" + task).body()).contains("\"said\":\"" + text);

        erase("ann", false);
        assertThat(ids("select id from signal where sent_by = 'ann'")).isEmpty();
        user(OTHER).post("/api/tasks/" + task + "/cancel", "");
    }

    @Test
    void anErasedSignalThatComesAgainIsThatSignal() {
        String key = "again-" + UUID.randomUUID();
        assertThat(sent(key)).isEqualTo(202);
        await().until(() -> ids("select id from signal where sent_by = 'ann' and delivered_at is null")
                .isEmpty());

        erase("ann", false);

        assertThat(rowsWith(key)).isEmpty();
        assertThat(sent(key)).isEqualTo(200);
        assertThat(rowsWith(key)).isEmpty();
    }

    private int sent(String key) {
        return ann().post("/api/signals/replied?key=" + key, "{\"said\":\"%s\"}".formatted(key), "Idempotency-Key", key)
                .status();
    }

    /** What a task ended with is not null for those who await it later: they are told that it is gone. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSharedChildWhoseContentIsGoneIsNotHeardAsIfItWereThere(boolean erased) {
        String text = UUID.randomUUID().toString();
        String first = submit(user("ann"), "joins", "{\"text\":\"%s\"}".formatted(text), null);
        ended(first, "COMPLETED");
        List<UUID> part = jdbc.sql("select id from task where workflow = 'part' and key like ?")
                .param("%" + text)
                .query(UUID.class)
                .list();
        assertThat(part).hasSize(1);

        if (erased) {
            erase("ann", false);
        } else {
            assertThat(endedTasks.remove(part)).isEqualTo(1);
        }

        String second = submit(user(OTHER), "joins", "{\"text\":\"%s\"}".formatted(text), null);
        ended(second, "DEAD");
        assertThat(ann().get("/api/tasks/" + second).json().at("/error").toString())
                .contains("ChildRemoved", part.getFirst().toString(), "no longer kept");
    }

    @Test
    void nothingGoesOnWithARemovedTaskAndItsPersonIsErased() {
        String key = "key-" + UUID.randomUUID();
        String dead = submit(ann(), "broken", "{\"text\":\"x\"}", key);
        ended(dead, "DEAD");
        String plan = submit(ann(), "plan?mode=dry-run", "{\"text\":\"x\",\"order\":\"o\"}", "p" + key);
        ended(plan, "COMPLETED");

        assertThat(endedTasks.remove(List.of(UUID.fromString(dead), UUID.fromString(plan))))
                .isEqualTo(2);

        String removed = "was removed at 2";
        ApiClient operator = ann();
        JsonNode task = operator.get("/api/tasks/" + dead).json();
        assertThat(task.path("status").asText()).isEqualTo("CANCELLED");
        assertThat(task.path("submittedBy").asText()).isEqualTo("ann");
        assertThat(task.has("removedAt")).isTrue();
        assertThat(task.path("calls")).isEmpty();
        for (String path : List.of("/console/tasks/" + dead, "/console/tasks/" + plan, "/api/tasks?limit=100")) {
            assertThat(operator.get(path).status()).as(path).isEqualTo(200);
        }
        assertThat(refused(operator.post("/api/tasks/" + dead + "/retry", ""))).contains(removed);
        assertThat(refused(operator.post("/api/tasks/" + dead + "/retry", "{\"from\":1}")))
                .contains(removed);
        assertThat(refused(operator.post("/api/tasks/" + plan + "/execute", "")))
                .contains(removed);
        assertThat(submit(operator, "broken", "{\"text\":\"another\"}", key)).isEqualTo(dead);
        assertThat(rowsWith(key)).isNotEmpty();

        erase("ann", false);
        assertThat(rowsWith(key)).isEmpty();
    }

    @Test
    void refusesWhoMayNotAndWhatIsNoUser() {
        assertThat(tryErase(OTHER, "{\"user\":\"nobody\"}").status()).isEqualTo(403);
        assertThat(tryErase("kay", "{\"user\":\"nobody\"}").status()).isEqualTo(200);
        for (String body : List.of(
                "{}",
                "{\"user\":\" \"}",
                "{\"user\":\"kay\"}",
                "{\"user\":\"erased\"}",
                "{\"user\":\"a\\u0000\"}",
                "{\"user\":\"x\",\"memory\":[\"\"]}",
                "{\"user\":\"x\",\"memory\":[null]}",
                "{\"user\":\"x\",\"other\":1}")) {
            Answer answer = tryErase("kay", body);
            assertThat(answer.status()).as(body + answer.body()).isEqualTo(400);
        }
    }

    /** A table that comes later says here whether it knows persons. */
    @Test
    void eachTableIsDecided() {
        assertThat(jdbc.sql(
                                """
                        select table_name from information_schema.tables
                         where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> 'flyway_schema_history'
                        """)
                        .query(String.class)
                        .list())
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(
                                        "task call late_result attempt audit memory budget signal pending_call preview execution",
                                        "approval vote standing_grant api_key record_skip effect rollout", // are erased
                                        "effect_wait call_subject recovery_task outcome rollout_look shadow evaluation", // ids and digests
                                        // of
                                        // tasks, and numbers
                                        "hold", // is kept and said
                                        "set_aside", // says of no user
                                        "audit_chain audit_leaf audit_checkpoint audit_pruned", // commitments, and
                                        // roles
                                        "worker agent_definition approval_notice recovery recovery_group kafka_topic sealing_key")
                                .flatMap(line -> Stream.of(line.split(" ")))
                                .toList());
    }

    /** All that a person does, in the tables and beside them. */
    private void lives(String name) {
        ApiClient person = user(name);
        String story = submit(person, "story", story(name), "key-" + name);
        waits(story, "SIGNAL");
        signal(ann(), name);
        signal(person, "nobody-hears-" + name);
        waits(story, "APPROVAL");
        vote(user("ann"), story, "as %s wishes".formatted(name));
        ended(story, "COMPLETED");
        ended(submit(person, "broken", "{\"text\":\"%s\"}".formatted(name), null), "DEAD");
        String doubtful = submit(person, "doubtful", "{\"text\":\"%s\"}".formatted(name), null);
        waits(doubtful, "IN_DOUBT");
        person.post(
                "/api/tasks/" + doubtful + "/calls/1/resolve",
                "{\"resolution\":\"happened\",\"result\":\"%s\"}".formatted(name));
        ended(doubtful, "COMPLETED");
        String plan = submit(
                person,
                "plan?mode=dry-run",
                "{\"text\":\"%s\",\"order\":\"%s\"}".formatted(name, UUID.randomUUID()),
                null);
        ended(plan, "COMPLETED");
        String live = person.post("/api/tasks/" + plan + "/execute", "")
                .json()
                .path("id")
                .asText();
        waits(live, "APPROVAL");
        vote(user("ann"), live, null);
        ended(live, "COMPLETED");
        String other =
                submit(user("ann"), "plan", "{\"text\":\"y\",\"order\":\"%s\"}".formatted(UUID.randomUUID()), null);
        waits(other, "APPROVAL");
        vote(person, other, "said " + name);
        ended(other, "COMPLETED");
        String resolved = submit(user("ann"), "doubtful", "{\"text\":\"y\"}", null);
        waits(resolved, "IN_DOUBT");
        person.post("/api/tasks/" + resolved + "/calls/1/resolve", "{\"resolution\":\"happened\",\"result\":\"y\"}");
        ended(resolved, "COMPLETED");
        rare(name, story);
        String hold = person.post(
                        "/api/holds",
                        "{\"kind\":\"user\",\"name\":\"%s-x\",\"reason\":\"of %1$s\",\"for\":\"1h\"}".formatted(name))
                .json()
                .path("id")
                .asText();
        person.delete("/api/holds/" + hold);
        await().untilAsserted(() -> assertThat(jdbc.sql(
                                "select workflow || ' ' || status || ' ' || coalesce(wait_reason, '') || error::text from task where submitted_by = ? and status in ('QUEUED', 'RUNNING', 'WAITING')")
                        .param(name)
                        .query(String.class)
                        .list())
                .isEmpty());
    }

    /** Rows that a process makes more rarely. */
    private void rare(String name, String story) {
        Map<String, ?> parameters = Map.of("name", name, "story", UUID.fromString(story));
        for (String sql : List.of(
                """
                insert into late_result (task_id, address, tool, token, reason, result)
                select task_id, address, tool, 1, 'late', to_json(:name::text) from call where task_id = :story and n = 1
                """,
                """
                insert into attempt (task_id, token, n, ending, error)
                values (:story, 99, 9, 'FAILED', json_build_object('message', :name::text))
                """,
                """
                insert into call (task_id, address, n, tool, state, token, definition, arguments, result, started_at)
                values (:story, gen_random_uuid(), 90, 'model.default', 'SUCCEEDED', 1, 1, json_build_object('asked', :name::text),
                        json_build_object('content', :name::text, 'usd', 0.25, 'usage', json_build_object('in', 7, 'out', 8)), now())
                """,
                "insert into preview (task_id, address, answered_by, asks) select task_id, address, 'echo', :name from call where task_id = :story and n = 1",
                "insert into budget (scope, starts, used_usd) values ('user.' || :name, now(), 1)",
                """
                insert into standing_grant (tool, definition, most_calls, reason, who, until)
                values ('charge', 1, 1, 'for ' || :name, :name, now() - interval '1 h')
                """,
                "insert into record_skip (trigger_id, topic, kafka_partition, kafka_offset, who, reason) values ('t', 'topic', 0, length(:name), :name, 'why')",
                "insert into api_key (name, digest, roles, workflows, created_by, expires_at) values ('k', convert_to(:name, 'UTF8'), '{viewer}', '{*}', :name, now())",
                """
                insert into rollout (id, workflow, candidate, control, settings, state, share, who, reason, ended_at)
                values ('r' || length(:name) || left(:name, 1), 'story', 2, 1, '{"steps":[10000],"inFlight":"FINISH"}', 'ABORTED', 0, :name, 'said ' || :name, now())
                """,
                "insert into effect (scope, name, key, tool, task_id, address) select 'task:' || task_id, 'x', :name, tool, task_id, address from call where task_id = :story and n = 1",
                """
                insert into memory (id, key, fact, embedding, created_at, refreshed_at)
                values (gen_random_uuid(), 'customer/of-' || :name, 'known', array_fill(0::real, array[384]), now(), now())
                """,
                "update approval set approvers = array['ann', :name] where task_id = :story")) {
            jdbc.sql(sql).params(parameters).update();
        }
    }

    private static void signal(ApiClient sender, String key) {
        Answer answer = sender.post("/api/signals/replied?key=" + key, "{\"said\":\"%s\"}".formatted(key));
        assertThat(answer.status()).as(answer.body()).isBetween(200, 299);
    }

    private static String story(String text) {
        return "{\"text\":\"%s\",\"order\":\"%s\"}".formatted(text, UUID.randomUUID());
    }

    private void vote(ApiClient voter, String task, String reason) {
        String id = jdbc.sql("select id from approval where task_id = ? and state = 'OPEN'")
                .param(UUID.fromString(task))
                .query(String.class)
                .single();
        Answer answer = voter.post(
                "/api/approvals/" + id + "/vote",
                reason == null
                        ? "{\"vote\":\"approve\"}"
                        : "{\"vote\":\"approve\",\"reason\":\"%s\"}".formatted(reason));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    private JsonNode erase(String who, boolean dryRun) {
        Answer answer = tryErase(
                "kay", "{\"user\":\"%s\",\"dryRun\":%s,\"memory\":[\"customer/of-%1$s\"]}".formatted(who, dryRun));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private Answer tryErase(String admin, String body) {
        return user(admin).post("/api/erasures", body);
    }

    private static String refused(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(409);
        return answer.json().path("detail").asText();
    }

    private String submit(ApiClient user, String workflow, String input, String key) {
        Answer answer = key == null
                ? user.post("/api/tasks/" + workflow, input)
                : user.post("/api/tasks/" + workflow, input, "Idempotency-Key", key);
        assertThat(answer.status()).as(answer.body()).isIn(200, 202);
        return answer.json().path("id").asText();
    }

    private void ended(String task, String status) {
        await().untilAsserted(
                        () -> assertThat(ann().get("/api/tasks/" + task).body()).contains("\"status\":\"" + status));
    }

    private void waits(String task, String reason) {
        await().untilAsserted(() ->
                assertThat(ann().get("/api/tasks/" + task).body()).contains("\"waitReason\":\"" + reason));
    }

    private ApiClient ann() {
        return user("ann");
    }

    private ApiClient user(String name) {
        return new ApiClient(port, name, "secret");
    }

    private List<String> ids(String sql) {
        return jdbc.sql(sql).query(String.class).list();
    }

    /** Each row of each table, whatever its types. */
    private Map<String, String> everything() {
        Map<String, String> rows = new TreeMap<>();
        for (String table : ids(
                "select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'")) {
            if (!LIVELY.contains(table)) {
                List<String> all = ids("select row_to_json(t)::text from %s t".formatted(table));
                all.forEach(row -> rows.put(table + row, row));
            }
        }
        return rows;
    }

    private Set<String> rowsWith(String mark) {
        Set<String> found = new TreeSet<>();
        everything().keySet().stream().filter(row -> row.contains(mark)).forEach(found::add);
        return found;
    }

    private Set<String> tablesWith(String mark) {
        Set<String> tables = rowsWith(mark).stream()
                .map(row -> row.substring(0, row.indexOf('{')))
                .collect(Collectors.toCollection(TreeSet::new));
        if (ids("select row_to_json(k)::text from api_key k").toString().contains(mark)) {
            tables.add("api_key");
        }
        return tables;
    }

    private Map<String, String> identities() {
        Map<String, String> identities = new TreeMap<>();
        jdbc.sql(
                        """
                        select id::text as what, workflow || replace(status, 'DEAD', 'CANCELLED') || finished_at as which from task
                        union all
                        select address::text, tool || state || n || tries from call
                        union all
                        select scope || name || key, tool || address from effect where scope not like 'task:%'
                        """)
                .query(row -> {
                    identities.put(row.getString(1), row.getString(2));
                });
        return identities;
    }

    /** In millionths of a dollar. */
    private long costs() {
        return StreamSupport.stream(
                        ann().get("/api/tasks?workflow=story")
                                .json()
                                .path("tasks")
                                .spliterator(),
                        false)
                .mapToLong(task ->
                        (long) (ann().get("/api/tasks/" + task.path("id").asText())
                                        .json()
                                        .path("costUsd")
                                        .asDouble()
                                * 1_000_000))
                .sum();
    }

    /** What the calls of the tool `look` find in the cache. */
    private String cached() {
        long definition = jdbc.sql("select definition from call where tool = 'look' limit 1")
                .query(Long.class)
                .single();
        return Stream.of(MARK, OTHER)
                .map(text -> cache.get(ResultCache.key("look", definition, "{\"text\":\"%s\"}".formatted(text))))
                .toList()
                .toString();
    }

    private AuditVerifier.Report verify() throws IOException {
        StringWriter out = new StringWriter();
        new AuditExport(dataSource).write(out, null);
        return new AuditVerifier(List.of(), List.of()).verify(new BufferedReader(new StringReader(out.toString())));
    }
}
