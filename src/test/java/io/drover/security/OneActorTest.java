package io.drover.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.databind.JsonNode;
import io.drover.api.ApiClient;
import io.drover.api.ApiClient.Answer;
import io.drover.api.ApiTestBase;
import io.drover.local.SampleModel;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

/** Who submitted a task is the same one in the task, its log, its approval, the budget and the audit. */
@TestPropertySource(properties = "drover.routes.directory=src/test/resources/routes-actor")
@DirtiesContext
class OneActorTest extends ApiTestBase {

    private static final TestIssuer ISSUER = new TestIssuer();
    private static final SampleModel MODEL = new SampleModel(0, request -> SampleModel.text("yes"));

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry registry) {
        registry.add("drover.models.default.url", MODEL::url);
        registry.add("drover.models.default.model", () -> "sample");
        registry.add("drover.models.default.price.in", () -> "1");
        registry.add("drover.models.default.price.out", () -> "1");
        registry.add("drover.budgets.user", () -> "1000");
        registry.add("drover.security.oidc.issuer", ISSUER::url);
        registry.add("drover.security.oidc.audience", () -> TestIssuer.AUDIENCE);
        registry.add("drover.security.oidc.claim", () -> "realm.groups");
        registry.add("drover.security.oidc.grants[0].value", () -> "ops");
        registry.add("drover.security.oidc.grants[0].roles", () -> "operator,approver");
    }

    @Autowired
    JdbcClient jdbc;

    /** The members of a log line that say whose it is. */
    private static final class Lines extends AppenderBase<ILoggingEvent> {

        private final List<String> of = new CopyOnWriteArrayList<>();

        @Override
        protected void append(ILoggingEvent event) {
            if (event.getMDCPropertyMap().containsKey("task_id")) {
                of.add(event.getMDCPropertyMap().get("task_id") + " "
                        + event.getMDCPropertyMap().get("user_id"));
            }
        }
    }

    @Test
    void aUser() {
        follow("bob", new ApiClient(port(), "bob", "secret").post("/api/tasks/asked", "{\"by\":\"bob\"}"));
    }

    @Test
    void aKey() {
        String key = new ApiClient(port(), "kay", "secret")
                .post("/api/keys", "{\"name\":\"followed\",\"roles\":[\"submitter\"],\"for\":\"1h\"}")
                .json()
                .path("key")
                .asText();

        follow("key:followed", ApiClient.withToken(port(), key).post("/api/tasks/asked", "{\"by\":\"key\"}"));
    }

    /** It may approve, and yet not what it submitted itself. */
    @Test
    void aToken() {
        ApiClient olga = ApiClient.withToken(port(), ISSUER.token("olga", "ops"));

        String approval = follow("olga", olga.post("/api/tasks/asked", "{\"by\":\"olga\"}"));

        assertThat(jdbc.sql("select count(*) from vote where approval_id = ? and who = 'olga'")
                        .param(Long.valueOf(approval))
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void aHook() throws Exception {
        byte[] body = "{\"by\":\"github\"}".getBytes(StandardCharsets.UTF_8);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(NEW_SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));

        follow(
                "hook:/hooks/github",
                nobody().post(
                                "/hooks/github",
                                body,
                                "X-Hub-Signature-256",
                                "sha256=" + HexFormat.of().formatHex(mac.doFinal(body))));
    }

    /** @return its approval */
    private String follow(String actor, Answer submitted) {
        Lines lines = new Lines();
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.addAppender(lines);
        lines.start();
        try {
            assertThat(submitted.status()).as(submitted.body()).isBetween(200, 202);
            String id = submitted
                    .json()
                    .path("id")
                    .asText(submitted.json().path("task").asText());
            JsonNode approval = await().until(() -> approval(id), one -> one != null);
            assertThat(approval.path("submittedBy").asText()).isEqualTo(actor);
            String vote = "/api/approvals/%s/vote".formatted(approval.path("id"));
            if (actor.equals("olga")) {
                assertThat(ApiClient.withToken(port(), ISSUER.token("olga", "ops"))
                                .post(vote, "{\"vote\":\"approve\"}")
                                .status())
                        .isEqualTo(403);
            }
            assertThat(new ApiClient(port(), "ann", "secret")
                            .post(vote, "{\"vote\":\"reject\"}")
                            .status())
                    .isEqualTo(200);

            await().untilAsserted(
                            () -> assertThat(task(id).path("status").asText()).isEqualTo("DEAD"));
            assertThat(task(id).path("submittedBy").asText()).isEqualTo(actor);
            assertThat(lines.of)
                    .filteredOn(line -> line.startsWith(id))
                    .isNotEmpty()
                    .containsOnly(id + " " + actor);
            assertThat(jdbc.sql("select used_usd > 0 from budget where scope = ?")
                            .param("user." + actor)
                            .query(Boolean.class)
                            .single())
                    .isTrue();
            assertThat(jdbc.sql("select who from audit where task_id = ?::uuid and action = 'reject'")
                            .param(id)
                            .query(String.class)
                            .list())
                    .containsExactly("ann");
            return approval.path("id").asText();
        } finally {
            root.detachAppender(lines);
        }
    }

    private JsonNode task(String id) {
        return operator().get("/api/tasks/" + id).json();
    }

    private JsonNode approval(String task) {
        for (JsonNode one : operator().get("/api/approvals?limit=1000").json().path("approvals")) {
            if (one.path("task").asText().equals(task)) {
                return one;
            }
        }
        return null;
    }
}
