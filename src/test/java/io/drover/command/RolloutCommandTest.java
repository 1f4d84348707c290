package io.drover.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.SampleRollout;
import io.drover.api.ApiClient;
import io.drover.api.ApiTestBase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Rollouts over HTTP, on the pages of the console and on the command line. */
class RolloutCommandTest extends ApiTestBase {

    private static final AtomicInteger CASES = new AtomicInteger();

    @Autowired
    JdbcClient jdbc;

    private final String id = "api-" + CASES.incrementAndGet();

    @BeforeEach
    void begins() {
        SampleRollout.begin(jdbc, id, 500_000, 40);
    }

    @Test
    void showsHowItStands() {
        JsonNode one = await().until(
                        () -> viewer().get("/api/rollouts/" + id).json(),
                        json -> json.path("compared").asInt() == 200);

        assertThat(one.path("state").asText()).isEqualTo("running");
        assertThat(one.path("percent").decimalValue()).isEqualByComparingTo("2.5");
        assertThat(one.path("steps").toString()).isEqualTo("[2.5,50,100]");
        assertThat(one.path("evidence")).hasSize(2);
        JsonNode dead = one.path("evidence").get(0);
        assertThat(dead.path("guardrail").asText()).isEqualTo("dead");
        assertThat(dead.path("candidate").asInt()).isEqualTo(10);
        assertThat(dead.path("control").asInt()).isZero();
        assertThat(dead.path("worseFrom").asDouble()).isCloseTo(Math.log10(200), within(1e-6));
        assertThat(one.path("looks")).isNotEmpty();
        JsonNode listed = viewer().get("/api/rollouts").json().path("rollouts").get(0);
        assertThat(listed.path("id").asText()).isEqualTo(id);
        assertThat(listed.has("evidence")).isFalse();

        assertThat(viewer().get("/console/rollouts").body())
                .contains(id, "2.5 %")
                .doesNotContain("th:");
        assertThat(viewer().get("/console/rollouts/" + id).body())
                .contains("Candidate: 10 of 200", "control: 0 of 200", "<polyline")
                .doesNotContain("th:", "method=\"post\"");
        CommandRun status = drover("status", id);
        assertThat(status.exitCode()).as(status.err()).isZero();
        assertThat(status.out())
                .contains(id + ": version 3 of of-" + id + " is running at 2.5 %", "GUARDRAIL", "duration");
        assertThat(drover("status").out()).contains("CANDIDATE", id);
    }

    @Test
    void aPersonDecides() {
        assertThat(viewer().post("/api/rollouts/%s/abort".formatted(id), "{\"reason\":\"x\"}")
                        .status())
                .isEqualTo(403);
        ApiClient.Answer paused = operator().post("/api/rollouts/%s/pause".formatted(id), "{\"reason\":\"to look\"}");
        assertThat(paused.status()).as(paused.body()).isEqualTo(200);
        assertThat(paused.json().path("state").asText()).isEqualTo("paused");
        assertThat(paused.json().path("who").asText()).isEqualTo("ada");
        assertThat(drover("resume", id, "--why", "looks good").out()).contains("is running at 2.5 %");
        assertThat(operator().get("/console/rollouts/" + id).body()).contains("Pause…", "Abort…", "Promote…");
        assertThat(drover("abort", id, "--why", "no").out()).contains("is aborted at 0 %");

        ApiClient.Answer refused = operator().post("/api/rollouts/%s/pause".formatted(id), "{\"reason\":\"late\"}");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.json().path("detail").asText())
                .isEqualTo("rollout %s is aborted; only one that is running can be paused".formatted(id));
        assertThat(operator()
                        .get("/api/audit?what=rollout-abort")
                        .json()
                        .at("/entries/0/detail/rollout")
                        .asText())
                .isEqualTo(id);
        assertThat(operator().get("/metrics").body()).contains("agent_rollouts{state=\"aborted\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"reason\":\" \"}", "{\"reason\":\"a\\nb\"}", "{\"why\":\"x\"}"})
    void aDecisionSaysWhy(String body) {
        assertThat(operator().post("/api/rollouts/%s/abort".formatted(id), body).status())
                .isEqualTo(400);
        assertThat(operator().get("/api/rollouts/" + id).json().path("state").asText())
                .isEqualTo("running");
    }

    @Test
    void saysWhatIsUnknown() {
        assertThat(operator().get("/api/rollouts/nobody").json().path("type").asText())
                .endsWith("unknown-rollout");
        assertThat(operator()
                        .post("/api/rollouts/nobody/abort", "{\"reason\":\"x\"}")
                        .status())
                .isEqualTo(404);
        assertThat(operator()
                        .post("/api/rollouts/%s/stop".formatted(id), "{\"reason\":\"x\"}")
                        .body())
                .contains("promote, abort, pause, resume");
        assertThat(drover("status", "no body").err()).contains("no rollout 'no body' has begun");
    }

    private CommandRun drover(String... words) {
        List<String> all = new ArrayList<>(List.of("rollout"));
        all.addAll(List.of(words));
        all.addAll(List.of("--url", "http://localhost:" + port(), "--user", "ada:secret"));
        return CommandRun.here(all);
    }
}
