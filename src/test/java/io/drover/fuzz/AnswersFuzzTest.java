package io.drover.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.FaultyServer;
import io.drover.Fuzz;
import io.drover.TestDatabase;
import io.drover.task.Submit;
import io.drover.task.TaskService;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Whatever a back end or a model answers, the task ends, and the next one is served as before. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.NONE,
        properties = {
            "drover.routes.directory=src/test/resources/routes-fuzz",
            "drover.models.default.model=sample",
            "drover.models.default.timeout=3s",
            "drover.models.default.retries=2",
            "drover.tools[model.default].backoff=5ms",
            "drover.models.default.max-answer-bytes=100000"
        })
class AnswersFuzzTest {

    private static final FaultyServer BACK_END = new FaultyServer();
    private static final FaultyServer MODEL = new FaultyServer();
    private static final String GOOD_RESULT =
            "{\"name\":\"Zoë\",\"amount\":12.50,\"lines\":[1,2,{\"x\":null}],\"ok\":true}";
    private static final String GOOD_ANSWER =
            """
            {"id":"c-1","object":"chat.completion","created":1,"model":"sample","choices":[{"index":0,"message":{"role":"assistant",\
            "content":"It is Oslo","tool_calls":[]},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}""";
    private static final String GOOD_CALL =
            """
            {"id":"c-2","object":"chat.completion","created":1,"model":"sample","choices":[{"index":0,"message":{"role":"assistant",\
            "content":null,"tool_calls":[{"id":"t-1","type":"function","function":{"name":"seek","arguments":"{\\"n\\":1}"}}]},\
            "finish_reason":"tool_calls"}],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}""";

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry registry) {
        String url = TestDatabase.migrated();
        registry.add("spring.datasource.url", () -> url);
        registry.add("server.url", BACK_END::url);
        registry.add("drover.models.default.url", () -> MODEL.url() + "/v1");
    }

    @Autowired
    TaskService tasks;

    @Autowired
    JdbcClient jdbc;

    @Test
    void aTaskEndsWhateverIsAnswered() {
        Fuzz.together(
                new Fuzz.Kind("answers.backEnd", this::aTaskEndsWhateverABackEndAnswers),
                new Fuzz.Kind("answers.model", this::aTaskEndsWhateverAModelAnswers));
    }

    private void aTaskEndsWhateverABackEndAnswers(Random random) {
        BACK_END.reset();
        BACK_END.next("/fetch", RandomAnswer.of(random, GOOD_RESULT.getBytes(StandardCharsets.UTF_8)));

        assertThat(ended("fetching", random)).containsKey("status");

        BACK_END.reset();
        BACK_END.next("/fetch", FaultyServer.json(GOOD_RESULT));
        Map<String, Object> next = ended("fetching", random);
        assertThat(next).containsEntry("status", "COMPLETED");
        assertThat(String.valueOf(next.get("output"))).contains("Zoë", "12.5");
    }

    private void aTaskEndsWhateverAModelAnswers(Random random) {
        MODEL.reset();
        String good = random.nextBoolean() ? GOOD_ANSWER : GOOD_CALL;
        MODEL.next("/v1/chat/completions", RandomAnswer.of(random, good.getBytes(StandardCharsets.UTF_8)));
        MODEL.always("/v1/chat/completions", FaultyServer.json(GOOD_ANSWER));

        assertThat(ended("asking", random)).containsKey("status");

        Map<String, Object> next = ended("asking", random);
        assertThat(next).containsEntry("status", "COMPLETED");
        assertThat(String.valueOf(next.get("output"))).contains("It is Oslo");
    }

    /** The task's row when it has ended, or waits on purpose: the other side may ask for time. */
    private Map<String, Object> ended(String workflow, Random random) {
        UUID id = tasks.submit(new Submit(
                        workflow, null, "{\"n\":%d}".formatted(random.nextInt(1_000_000)), null, Duration.ZERO, "fuzz"))
                .join()
                .id();
        return await("task " + id).pollInterval(Duration.ofMillis(5)).until(() -> row(id), row -> Set.of(
                        "COMPLETED", "DEAD", "WAITING")
                .contains(row.get("status")));
    }

    private Map<String, Object> row(UUID id) {
        return jdbc.sql(
                        "select status, wait_reason, output::text as output, error::text as error from task where id = ?")
                .param(id)
                .query()
                .singleRow();
    }
}
