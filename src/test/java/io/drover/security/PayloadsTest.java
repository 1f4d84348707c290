package io.drover.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.TestDatabase;
import io.drover.api.ApiClient;
import io.drover.api.ApiClient.Answer;
import io.drover.api.ApiTestBase;
import io.drover.journal.SetAside;
import io.drover.who.Payloads;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.component.platform.http.springboot.CamelRequestHandlerMapping;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.handler.AbstractHandlerMethodMapping;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;

/** Who may not read payloads finds none behind any path, in a database of which each payload holds a marker. */
@TestPropertySource(properties = "drover.children.max-depth=9") // a context, and so a database, of its own
@DirtiesContext
class PayloadsTest extends ApiTestBase {

    private static final String MARKER = "Mxrkxr";

    /** What holds content, and how the marker gets there. */
    private static final TreeMap<String, String> PAYLOADS = new TreeMap<>();

    static {
        String json = "'{\"%1$s\": [\"%1$s\"], \"amount\": \"%1$s\"}'".formatted(MARKER);
        String error =
                "'{\"type\": \"Some\", \"message\": \"%1$s\", \"tool\": \"risky\", \"%1$s\": 1}'".formatted(MARKER);
        String text = "'%s'".formatted(MARKER);
        Stream.of("task.input", "call.arguments", "late_result.result", "signal.body")
                .forEach(column -> PAYLOADS.put(column, json));
        Stream.of("task.output", "call.result").forEach(column -> PAYLOADS.put(column, json));
        Stream.of("task.error", "call.error", "attempt.error").forEach(column -> PAYLOADS.put(column, error));
        Stream.of(
                        "approval.summary",
                        "vote.reason",
                        "preview.asks",
                        "memory.fact",
                        "set_aside.reason",
                        "set_aside.refusal")
                .forEach(column -> PAYLOADS.put(column, text));
        PAYLOADS.put("audit.detail", "(detail::jsonb || %s::jsonb)::json".formatted(error));
        PAYLOADS.put("effect.key", "'%s' || address".formatted(MARKER));
        PAYLOADS.put("set_aside.key", "convert_to('%s', 'UTF8')".formatted(MARKER));
        PAYLOADS.put("set_aside.payload", "convert_to('%s', 'UTF8')".formatted(MARKER));
        PAYLOADS.put(
                "set_aside.headers",
                "json_build_array(json_build_array('h', encode('%s', 'base64')))".formatted(MARKER));
        PAYLOADS.put("agent_definition.body", json);
    }

    /** Texts and documents that are no content of tasks: names, keys by which tasks are found, people's notes on operating. */
    private static final Set<String> SHOWN = Set.of(
                    "api_key.created_by api_key.digest api_key.name api_key.revoked_by api_key.roles api_key.workflows",
                    "approval.approvers approval.state approval.tool",
                    "approval_notice.occasion approval_notice.tool",
                    "attempt.ending attempt.worker audit.action audit.who budget.scope",
                    "audit_chain.body audit_chain.hash audit_checkpoint.frontier audit_checkpoint.note audit_leaf.hash",
                    "audit_pruned.who",
                    "call.branch call.decided_by call.decision call.fallback call.rule call.state call.tool",
                    "call_subject.tool",
                    "effect.name effect.scope effect.tool effect_wait.key effect_wait.name effect_wait.scope",
                    "execution.who hold.kind hold.name hold.reason hold.subject hold.who",
                    "kafka_topic.first_id kafka_topic.name kafka_topic.owner late_result.reason late_result.tool",
                    "memory.key pending_call.key pending_call.name pending_call.reason preview.answered_by",
                    "record_skip.reason record_skip.topic record_skip.trigger_id record_skip.who",
                    "memory.sealed_embedding sealing_key.id", // no words, and a number
                    "outcome.rollout rollout.evidence rollout.id rollout.reason rollout.settings rollout.state rollout.who",
                    "rollout.workflow rollout_look.evidence rollout_look.rollout task.rollout",
                    "shadow.difference shadow.reason shadow.rollout shadow.tool",
                    "evaluation.asked evaluation.reason evaluation.rollout evaluation.state evaluation.workflow",
                    "recovery_group.brokers recovery_group.name",
                    "set_aside.error_type set_aside.topic set_aside.trigger_id signal.key signal.name signal.sent_by",
                    "standing_grant.condition standing_grant.reason standing_grant.revoked_by standing_grant.sum_of",
                    "standing_grant.tool standing_grant.who",
                    "task.held_by task.key task.key_owner task.lineage task.mode task.on_end task.parent_branch task.redact task.status",
                    "task.submitted_by task.trace task.track task.wait_reason task.workflow",
                    "task.address_key", // shown nowhere
                    "vote.who worker.name worker.track worker.version")
            .stream()
            .flatMap(line -> Stream.of(line.split(" ")))
            .collect(Collectors.toSet());

    @Autowired
    ApplicationContext context;

    @Autowired
    SetAside setAside;

    @Value("${spring.datasource.url}")
    String url;

    private JdbcClient database;
    private List<String> tasks;
    private List<String> approvals;

    @BeforeEach
    void fill() {
        database = TestDatabase.directly(url + "&options=-csession_replication_role=replica"); // without triggers
        if (database.sql("select count(*) from late_result")
                        .query(Integer.class)
                        .single()
                == 0) {
            rows();
        }
        tasks = strings(
                "select id::text from task where status <> 'WAITING' or wait_reason <> 'RETRY' order by created_at");
        approvals = strings("select id::text from approval");
    }

    /** Tasks in many states, made by the process itself, and a few rows that it makes more rarely. */
    private void rows() {
        user("viv").post("/api/tasks/greet", "{\"name\":\"Ada\"}");
        submit("raised", "{\"amount\":1}", "WAITING");
        submit("raised?mode=dry-run", "{\"amount\":1}", "COMPLETED");
        submit("doubtful", "{}", "WAITING");
        submit("leaky", "{}", "DEAD");
        String doomed = submit("doomed", "{}", "DEAD");
        operator().post("/api/tasks/" + doomed + "/retry", "");
        setAside.add(
                new SetAside.Position("t", "topic", 0, 1),
                new SetAside.Content(1, null, new byte[] {1}, List.of()),
                new SetAside.Why("why", "Some", "large"));
        Stream.of(
                        """
                        insert into call (task_id, address, n, tool, state, token, definition, arguments, result, started_at)
                        select (select id from task where workflow = 'leaky' limit 1), gen_random_uuid(), 1, tool, state, token,
                               definition, arguments, result, started_at from call where tool = 'echo' limit 1
                        """,
                        "insert into vote (approval_id, who, approves, reason) select id, 'art', true, 'why' from approval limit 1",
                        "insert into late_result (task_id, address, tool, token, reason, result) select task_id, address, tool, 1, 'late', '1' from call limit 1",
                        """
                        insert into rollout (id, workflow, candidate, control, settings, state, share, who, ended_at)
                        values ('past', 'greet', 2, 1, '{"steps":[10000],"inFlight":"FINISH"}', 'ABORTED', 0, 'ada', now())
                        """,
                        "insert into signal (source, name, key, body) values (gen_random_uuid(), 'n', 'k', '1')",
                        "insert into effect (scope, name, key, tool, task_id, address) select 'all', tool, 'k', tool, task_id, address from call limit 1",
                        "insert into preview (task_id, address, answered_by) select task_id, address, 'echo' from call on conflict do nothing",
                        "insert into memory select gen_random_uuid(), 'k', 'f', array_fill(0, array[384]), null, now(), now()",
                        "insert into attempt (task_id, token, n, ending) select id, 99, 9, 'FAILED' from task",
                        "insert into audit (who, action, task_id, detail) select 'ada', 'resolve', id, '{\"n\": 1}' from task")
                .forEach(statement -> database.sql(statement).update());
        PAYLOADS.forEach((column, value) -> {
            String[] name = column.split("\\.");
            String where = name[1].equals("error") && !name[0].equals("attempt")
                    ? " where error is not null"
                    : name[1].equals("output") || name[1].equals("result") && !name[0].equals("late_result")
                            ? " where %s is not null".formatted(name[1])
                            : "";
            database.sql("update %s set %s = %s%s".formatted(name[0], name[1], value, where))
                    .update();
        });
    }

    private String submit(String workflow, String input, String status) {
        String id = operator()
                .post("/api/tasks/" + workflow, input)
                .json()
                .path("id")
                .asText();
        await().untilAsserted(() -> assertThat(
                        operator().get("/api/tasks/" + id).json().path("status").asText())
                .isEqualTo(status));
        return id;
    }

    @Test
    void eachColumnIsDecided() {
        assertThat(
                        strings(
                                """
                        select table_name || '.' || column_name from information_schema.columns
                          join information_schema.tables using (table_schema, table_name)
                         where table_schema = 'public' and table_type = 'BASE TABLE'
                           and table_name <> 'flyway_schema_history'
                           and data_type in ('text', 'json', 'jsonb', 'bytea', 'character varying', 'ARRAY', 'xml')
                           and column_name <> 'embedding'
                        """))
                .as("a new column holds payloads, or does not")
                .containsExactlyInAnyOrderElementsOf(Stream.concat(SHOWN.stream(), PAYLOADS.keySet().stream())
                        .toList());
    }

    @Test
    void noPathShowsThemToAViewer() {
        Set<String> shown = new TreeSet<>();
        Set<String> hidden = new TreeSet<>();
        Set<String> unseen = new TreeSet<>();
        for (String path : paths()) {
            Stream.of(viewer(), user("rex")).forEach(user -> {
                List<Answer> answers = requests(path)
                        .map(one -> user.get(one, "Accept", accept(path)))
                        .toList();
                boolean found = answers.stream()
                        .anyMatch(answer -> (answer.body() + answer.response().headers()).contains(MARKER));
                if (user.get("/api/memory?key=k").status() == 200) {
                    (found ? shown : unseen).add(path);
                } else {
                    assertThat(found).as(path).isFalse();
                    assertThat(answers).as(path).anyMatch(answer -> answer.status() < 400 || answer.status() == 403);
                    hidden.addAll(answers.stream()
                            .filter(answer -> answer.body().contains(Payloads.HIDDEN))
                            .map(answer -> path)
                            .toList());
                }
            });
        }
        assertThat(shown)
                .as("else nothing is tried")
                .contains(
                        "/api/tasks",
                        "/api/tasks/{id}",
                        "/api/tasks/{id}/events",
                        "/api/tasks/{id}/execute",
                        "/api/approvals",
                        "/api/approvals/{id}",
                        "/api/audit",
                        "/api/dead",
                        "/api/dead/retry",
                        "/api/inbox",
                        "/api/memory",
                        "/api/calls/in-doubt",
                        "/api/set-aside",
                        "/api/tools/errors",
                        "/console/tasks",
                        "/console/tasks/{id}",
                        "/console/tasks/{id}/execute",
                        "/console/approvals",
                        "/console/approvals/{id}",
                        "/console/audit",
                        "/console/dead",
                        "/console/dead/retry",
                        "/console/inbox",
                        "/console/tools");
        assertThat(hidden).contains("/api/tasks", "/api/tasks/{id}", "/console/tasks/{id}", "/api/tasks/{id}/events");
        assertThat(unseen).contains("/api/tools", "/console/workers");
    }

    @Test
    void aViewerCannotSearchForThem() {
        assertThat(found(user("rex"))).isPositive();
        assertThat(found(operator())).isPositive();
        assertThat(found(viewer())).isZero();
    }

    private static int found(ApiClient user) {
        return user.get("/api/tasks?q=" + MARKER).json().path("tasks").size();
    }

    /** Of a reader, an approver, an operator; and a submitter sees its own, also where it views the others' tasks. */
    @Test
    void whoMayReadThemDoes() {
        String own =
                strings("select id::text from task where submitted_by = 'viv'").getFirst();
        String other =
                strings("select id::text from task where workflow = 'leaky'").getFirst();
        for (String name : List.of("rex", "ada", "ann", "viv")) {
            assertThat(user(name).get("/api/tasks/" + own).body()).as(name).contains(MARKER);
        }
        assertThat(user("viv").get("/console/tasks/" + own).body()).contains(MARKER);
        assertThat(user("viv").get("/api/tasks/" + own + "/events").body()).contains(MARKER);
        assertThat(user("viv").get("/api/tasks/" + other).body()).doesNotContain(MARKER);
        assertThat(user("viv").get("/api/tasks/" + other + "/events").body()).doesNotContain(MARKER);
    }

    @Test
    void whatIsNoContentStays() {
        String dead =
                strings("select id::text from task where workflow = 'leaky'").getFirst();
        JsonNode task = viewer().get("/api/tasks/" + dead).json();
        assertThat(task.path("status").asText()).isEqualTo("DEAD");
        assertThat(task.path("input").asText()).isEqualTo(Payloads.HIDDEN);
        assertThat(task.at("/error/type").asText()).isEqualTo("Some");
        assertThat(task.at("/error/message").asText()).isEqualTo(Payloads.HIDDEN);
        assertThat(viewer().get("/api/memory?key=k").json().path("detail").asText())
                .isEqualTo("this shows payloads, which a viewer may not read; it needs the role reader");
    }

    @Test
    void saysWhoMayReadThem() {
        assertThat(can("vic")).startsWith("false vic has the roles viewer, and read needs");
        assertThat(can("rex")).startsWith("true rex has the role reader");
        assertThat(can("ann")).startsWith("true");
        assertThat(can("sam")).startsWith("true").endsWith(", for the tasks that it submitted");
    }

    private String can(String name) {
        JsonNode can =
                operator().get("/api/can?verb=read&workflow=greet&as=" + name).json();
        return can.path("allowed").asText() + " " + can.path("reason").asText();
    }

    private Set<String> paths() {
        Set<String> paths = new TreeSet<>();
        for (AbstractHandlerMethodMapping<?> mapping :
                context.getBeansOfType(AbstractHandlerMethodMapping.class).values()) {
            if (!(mapping instanceof CamelRequestHandlerMapping)) {
                mapping.getHandlerMethods().keySet().stream()
                        .filter(RequestMappingInfo.class::isInstance)
                        .map(RequestMappingInfo.class::cast)
                        .filter(info -> info.getMethodsCondition().getMethods().contains(RequestMethod.GET))
                        .forEach(info -> paths.addAll(info.getPatternValues()));
            }
        }
        paths.removeIf(path -> path.startsWith("/api/keys")
                || path.equals("/console/keys")
                || path.startsWith("/hawtio")
                || path.equals("/console/**"));
        assertThat(paths).hasSizeGreaterThan(40);
        return paths;
    }

    private static String accept(String path) {
        return path.startsWith("/console") ? "text/html" : path.endsWith("/events") ? "text/event-stream" : "*/*";
    }

    /** The path with each id that fits, and with the parameters that it needs. */
    private Stream<String> requests(String path) {
        Stream<String> ids = path.contains("/tasks/{id}")
                ? path.endsWith("/events") ? ended() : tasks.stream()
                : path.contains("/approvals/{id}")
                        ? approvals.stream()
                        : path.contains("/rollouts/{id}")
                                ? Stream.of("past")
                                : path.contains("/inbox/{id}")
                                        ? strings("select 'doubt-' || task_id || '-' || n from call").stream()
                                        : strings("select id::text from set_aside").stream();
        String query =
                switch (path) {
                    case "/api/tasks/{id}/retry", "/console/tasks/{id}/redo" -> "?from=1";
                    case "/api/dead/retry" -> "?workflow=leaky";
                    case "/console/dead/retry" -> "?workflow=leaky&type=Some&reason=" + MARKER;
                    case "/api/memory" -> "?key=k";
                    case "/api/can" -> "?verb=see&workflow=greet";
                    default -> "";
                };
        return (path.contains("{id}") ? ids : Stream.of(""))
                .map(id -> path.replace("{id}", id)
                                .replace("{n}", "1")
                                .replace("{first}-{last}", "1-1")
                                .replace("{name}", "io.drover")
                                .replace("/**", "/live")
                        + query);
    }

    private Stream<String> ended() {
        return strings("select id::text from task where status in ('COMPLETED', 'DEAD')").stream();
    }

    private List<String> strings(String statement) {
        return database.sql(statement).query(String.class).list();
    }

    private ApiClient user(String name) {
        return new ApiClient(port(), name, "secret");
    }
}
