package io.drover.crash;

import static io.drover.local.SampleModel.call;
import static io.drover.local.SampleModel.text;
import static io.drover.local.SampleModel.toolResults;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.TestDatabase;
import io.drover.local.SampleModel;
import io.drover.local.SampleModel.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Memory in real processes that die. */
class MemoryCrashTest {

    private static final String DOG = "Has a dog called Rex.";
    private static final String CAT = "Has a cat called Tom.";

    private volatile Function<JsonNode, Reply> mind = request -> text("hello");
    private final SampleModel model = new SampleModel(0, request -> mind.apply(request));
    private final String jdbcUrl = TestDatabase.migrated();
    private final JdbcClient jdbc = JdbcClient.create(new DriverManagerDataSource(jdbcUrl));
    private final List<DroverProcess> processes = new ArrayList<>();

    @AfterEach
    void end() {
        processes.forEach(DroverProcess::close);
        model.close();
    }

    @Test
    @Tag("release")
    void aResumedAgentHearsAgainWhatItHeardAndRemembersOnce() {
        worker(null).awaitClaiming();
        mind = request -> toolResults(request).isEmpty() ? remember(DOG) : text("done");
        awaitCompleted(submit("chat", "my dog"));
        model.requests().clear();

        CountDownLatch remembered = new CountDownLatch(1);
        CountDownLatch died = new CountDownLatch(1);
        mind = request -> {
            if (toolResults(request).isEmpty()) {
                return remember(CAT);
            }
            if (remembered.getCount() > 0) {
                remembered.countDown();
                pause(died);
            }
            return text("done");
        };
        UUID task = submit("chat", "What pets do I have, dog and cat?");
        pause(remembered);
        processes.get(0).kill();
        // Meanwhile another task remembers what would now be the nearest of all.
        jdbc.sql(
                        """
                        insert into memory select gen_random_uuid(), key, 'Has two goldfish.', embedding, task_id, created_at, refreshed_at
                          from memory where fact = ?
                        """)
                .param(DOG)
                .update();
        died.countDown();
        worker(null);

        awaitCompleted(task);
        assertThat(model.requests()).hasSize(3);
        assertThat(model.requests()).allSatisfy(request -> assertThat(
                        request.path("messages").get(0).path("content").asText())
                .contains(DOG)
                .doesNotContain(CAT, "goldfish"));
        assertThat(model.requests().get(2)).isEqualTo(model.requests().get(1));
        assertThat(facts()).containsExactlyInAnyOrder(DOG, CAT, "Has two goldfish.");
    }

    @Test
    void aFactThatWasStoredBeforeTheProcessDiedIsStoredOnce() {
        DroverProcess first = worker(CrashPoint.BEFORE_FIRST_RESULT);
        first.awaitClaiming();
        UUID task = submit("by-hand", DOG);
        first.awaitDeath();
        assertThat(facts()).containsExactly(DOG);

        worker(null);

        awaitCompleted(task);
        assertThat(jdbc.sql("select output #>> '{forgotten,forgotten}' from task where id = ?")
                        .param(task)
                        .query(Integer.class)
                        .single())
                .isOne();
        assertThat(facts()).isEmpty();
    }

    private static Reply remember(String fact) {
        return call("remember", "{\"fact\":\"%s\"}".formatted(fact));
    }

    private DroverProcess worker(CrashPoint point) {
        DroverProcess process = DroverProcess.start(
                jdbcUrl,
                point,
                "--drover.role=worker",
                "--drover.routes.directory=src/test/resources/routes-memory",
                "--drover.models.default.url=" + model.url(),
                "--drover.models.default.model=sample");
        processes.add(process);
        return process;
    }

    private UUID submit(String workflow, String text) {
        UUID id = UUID.randomUUID();
        jdbc.sql("insert into task (id, workflow, status, input) values (?, ?, 'QUEUED', ?::json)")
                .params(id, workflow, "{\"email\":\"ada@mail.example\",\"text\":\"%s\"}".formatted(text))
                .update();
        return id;
    }

    private void awaitCompleted(UUID task) {
        await().until(() -> jdbc.sql("select status from task where id = ?")
                .param(task)
                .query(String.class)
                .single()
                .equals("COMPLETED"));
    }

    private List<String> facts() {
        return jdbc.sql("select fact from memory").query(String.class).list();
    }

    private static void pause(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
