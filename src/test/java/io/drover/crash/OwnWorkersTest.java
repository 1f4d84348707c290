package io.drover.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.FaultyServer;
import io.drover.FreePort;
import io.drover.TestDatabase;
import io.drover.api.ApiClient;
import io.drover.audit.Keys;
import io.drover.deploy.Build;
import io.drover.deploy.Pod;
import io.drover.local.SampleTables;
import io.drover.local.Servers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The workers of production as processes: each with the arguments, the environment, the files and the Secret that the manifest
 * gives to its pod. One has the workflows of the component {@code own-workers}, the other has the rest.
 */
class OwnWorkersTest {

    private static final String HASH = "$2b$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW"; // of "secret"
    private static final String OWN_ROLE = "drover_survey_" + Long.toHexString(System.nanoTime());

    private static final String TOPIC = Servers.newTopic("support-tickets", 1);

    private final FaultyServer mail = new FaultyServer();
    private final String jdbcUrl = TestDatabase.ofTwoRoles();
    private final JdbcClient jdbc = TestDatabase.directly(jdbcUrl);
    private final List<Worker> workers = new ArrayList<>();

    @TempDir
    Path roots;

    /** A process, and the port of its API. */
    private record Worker(DroverProcess process, int port) {

        ApiClient as(String user) {
            return new ApiClient(port, user, "secret");
        }
    }

    @AfterEach
    void close() {
        workers.forEach(worker -> worker.process.close());
        mail.close();
    }

    @Test
    @Tag("release")
    void eachWorksOnItsWorkflowsWithItsRightsAndNoOther() throws Exception {
        Build production = Build.named("prod");
        makeRoles();
        UUID ofOwn = task("survey", "[{\"ticketId\":\"T-1\",\"email\":\"ada@mail.example\",\"question\":\"Why?\"}]");
        UUID first = task("ticket-digest", "{\"day\":\"2026-11-30\"}");

        Worker all = start(production, "drover");
        awaitStatus(first, "COMPLETED");
        awaitStatus(task("ticket-digest", "{\"day\":\"2026-12-01\"}"), "COMPLETED");
        assertThat(untouched(ofOwn)).as("it was due all the time").isTrue();

        Worker own = start(production, "drover-survey");
        awaitStatus(ofOwn, "WAITING");
        await().until(() -> mail.requests("/messages").size() == 1);
        assertThat(all.as("olga")
                        .post("/api/signals/customer-replied?key=T-1", "{\"text\":\"because\"}")
                        .status())
                .as("requests stay with the others")
                .isEqualTo(202);
        awaitStatus(ofOwn, "COMPLETED");
        assertThat(output(ofOwn)).contains("because");

        seesNothingOfTheOther(own, all);

        all.process.kill();
        UUID left = task("ticket-digest", "{\"day\":\"2026-12-02\"}");
        UUID taken = task("survey", "[]");
        awaitStatus(taken, "COMPLETED");
        awaitStatus(task("survey", "[]"), "COMPLETED");
        assertThat(untouched(left)).as("it was due all the time").isTrue();
        assertThat(endedBy(OWN_ROLE))
                .as("the audit log says which role wrote")
                .contains(ofOwn, taken)
                .doesNotContain(first);
        assertThat(endedBy("drover_app")).contains(first).doesNotContain(ofOwn, taken);
    }

    private void seesNothingOfTheOther(Worker own, Worker all) throws IOException {
        assertThat(tools(own, "vera")).containsExactly("send_reply");
        assertThat(tools(all, "olga")).contains("refund", "send_reply", "crm_lookup");
        assertThat(own.as("olga").get("/api/tasks").status()).isEqualTo(401);
        assertThat(own.as("vera").get("/api/tasks").status()).isEqualTo(200);
        assertThat(all.as("vera").get("/api/tasks").status()).isEqualTo(401);
        assertThat(environment(own)).contains("token-of-mail").doesNotContain("token-of-payments");
        assertThat(environment(all)).contains("token-of-payments").doesNotContain("token-of-mail");
        assertThat(roots.resolve("drover/etc/drover-audit/audit-key.pem")).exists();
        assertThat(roots.resolve("drover-survey/etc")).doesNotExist();
        assertThat(all.process.log()).contains("Checkpoints of the audit log are signed");
        assertThat(own.process.log()).contains("This process signs no checkpoints");
        assertThat(own.as("sven").post("/api/tasks/ticket-digest", "{}").status())
                .as("its users may not ask for other work")
                .isEqualTo(403);
    }

    private static String environment(Worker worker) throws IOException {
        return Files.readString(Path.of("/proc/%d/environ".formatted(worker.process.pid())));
    }

    private static List<String> tools(Worker worker, String user) {
        List<String> names = new ArrayList<>();
        for (JsonNode tool : worker.as(user).get("/api/tools").json().path("tools")) {
            String name = tool.path("name").asText();
            if (!name.contains(".")) { // Drover's own, as memory.recall, are everywhere
                names.add(name);
            }
        }
        return names;
    }

    /** The Secrets as docs/deploy.md says, each with something that the other must not have. */
    private Map<String, Map<String, String>> secrets() throws IOException, GeneralSecurityException {
        return Map.of(
                "drover-audit",
                Map.of("audit-key.pem", Files.readString(Keys.write(roots.resolve("key.pem")))),
                "drover",
                Map.of(
                        "SPRING_DATASOURCE_USERNAME", "drover_app",
                        "DROVER_SECURITY_USERS_0_NAME", "olga",
                        "DROVER_SECURITY_USERS_0_PASSWORDHASH", HASH,
                        "DROVER_SECURITY_USERS_0_ROLES", "operator",
                        "SUPPORT_PAYMENTS_TOKEN", "token-of-payments"),
                "drover-survey",
                Map.of(
                        "SPRING_DATASOURCE_USERNAME", OWN_ROLE,
                        "DROVER_SECURITY_USERS_0_NAME", "sven",
                        "DROVER_SECURITY_USERS_0_PASSWORDHASH", HASH,
                        "DROVER_SECURITY_USERS_0_ROLES", "operator",
                        "DROVER_SECURITY_USERS_0_WORKFLOWS", "survey,ask-customer",
                        "DROVER_SECURITY_USERS_1_NAME", "vera",
                        "DROVER_SECURITY_USERS_1_PASSWORDHASH", HASH,
                        "DROVER_SECURITY_USERS_1_ROLES", "viewer",
                        "SUPPORT_MAIL_TOKEN", "token-of-mail"));
    }

    /** Starts what a Deployment starts, with the servers of this test in the place of an environment's. */
    private Worker start(Build build, String deployment) throws IOException, GeneralSecurityException {
        Pod pod = Pod.of(build, deployment, secrets(), roots.resolve(deployment));
        Map<String, String> environment = pod.environment();
        environment.replaceAll((name, value) -> value.replaceFirst("^/(app|etc)/", pod.root() + "/$1/"));
        environment.put("CAMEL_COMPONENT_KAFKA_BROKERS", Servers.brokers());
        environment.put("CAMEL_COMPONENT_KAFKA_SECURITYPROTOCOL", "PLAINTEXT");
        environment.put("SUPPORT_MAIL_URL", mail.url());
        environment.put("SUPPORT_TOPIC", TOPIC);
        environment.put("SUPPORT_RESULTS_TOPIC", TOPIC + ".dlq");
        environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", "");
        int port = FreePort.next();
        int management = FreePort.next();
        environment.put("DROVER_MANAGEMENT_PORT", String.valueOf(management));
        List<String> arguments = new ArrayList<>(pod.arguments());
        arguments.addAll(List.of(
                "--spring.main.web-application-type=servlet",
                "--server.port=" + port,
                "--drover.egress.hosts=127.0.0.1",
                "--drover.routes.directory=" + pod.root().resolve("app/routes")));
        String database = jdbcUrl.replaceFirst("\\?user=\\w+", ""); // the Secret says who
        Worker worker = new Worker(DroverProcess.start(environment, database, arguments.toArray(String[]::new)), port);
        workers.add(worker);
        worker.process.awaitClaiming();
        await().ignoreExceptions()
                .until(() ->
                        new ApiClient(management, "", "").get("/health/ready").status() == 200);
        return worker;
    }

    /** The role of the page, and what all need of the samples' own tables. */
    private void makeRoles() throws IOException {
        Matcher role = Pattern.compile("(create role) drover_survey (login in role drover_app)")
                .matcher(Files.readString(Path.of("docs/deploy.md")));
        assertThat(role.find()).isTrue();
        jdbc.sql("%s %s %s".formatted(role.group(1), OWN_ROLE, role.group(2))).update();
        SampleTables.create(TestDatabase.as("postgres", jdbcUrl));
        jdbc.sql("grant usage on schema support to drover_app").update();
        jdbc.sql("grant select, insert on all tables in schema support to drover_app")
                .update();
    }

    private UUID task(String workflow, String input) {
        UUID task = UUID.randomUUID();
        jdbc.sql("insert into task (id, workflow, status, input) values (?, ?, 'QUEUED', ?::json)")
                .params(task, workflow, input)
                .update();
        return task;
    }

    private void awaitStatus(UUID task, String status) {
        await().untilAsserted(() -> assertThat(jdbc.sql("select status from task where id = ?")
                        .param(task)
                        .query(String.class)
                        .single())
                .isEqualTo(status));
    }

    private boolean untouched(UUID task) {
        return jdbc.sql("select status = 'QUEUED' and attempt = 0 from task where id = ?")
                .param(task)
                .query(Boolean.class)
                .single();
    }

    private String output(UUID task) {
        return jdbc.sql("select output::text from task where id = ?")
                .param(task)
                .query(String.class)
                .single();
    }

    /** The tasks whose end is in a chain that this role of the database began. */
    private List<UUID> endedBy(String role) {
        return jdbc.sql(
                        """
                        select (line::json ->> 1)::uuid
                          from audit_chain, regexp_split_to_table(body, '\\n') line
                         where line like '["ended"%'
                           and writer in (select writer from audit_chain where seq = 1 and body like ?)
                        """)
                .param("[\"began\", \"" + role + "\"%")
                .query(UUID.class)
                .list();
    }
}
