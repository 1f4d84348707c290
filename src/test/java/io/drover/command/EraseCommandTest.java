package io.drover.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.api.ApiClient;
import io.drover.api.ApiTestBase;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A person is erased on the command line. */
class EraseCommandTest extends ApiTestBase {

    @Test
    void printsTheReceipt() {
        ApiClient len = new ApiClient(port(), "len", "secret");
        String text = UUID.randomUUID().toString();
        String task = len.post("/api/tasks/greet", "{\"name\":\"%s\"}".formatted(text))
                .json()
                .path("id")
                .asText();
        await().until(() -> operator().get("/api/tasks/" + task).body().contains("COMPLETED"));

        CommandRun plan = erase("kay", "len", "--dry-run");
        assertThat(plan.exitCode()).as(plan.err()).isZero();
        assertThat(plan.out()).contains("Nothing was changed").containsPattern("tasks +1\n");
        assertThat(operator().get("/api/tasks/" + task).body()).contains(text);

        CommandRun done = erase("kay", "len", "--memory", "customer/" + text);
        assertThat(done.exitCode()).as(done.err()).isZero();
        assertThat(done.out())
                .startsWith("Erased at ")
                .containsPattern("tasks +1\n")
                .contains("KEPT", "NOT REACHED", "dead-letter topics", "its salt is");
        assertThat(operator().get("/api/tasks/" + task).body()).doesNotContain(text);
        assertThat(erase("kay", "len", "--json").out()).startsWith("{\"at\":");
    }

    @Test
    void saysWhyItIsRefused() {
        CommandRun refused = erase("ada", "len");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("only a user with the role admin may erase");
        assertThat(erase("kay", "kay").err()).contains("$.user is who asks");
        assertThat(erase("kay").exitCode()).isEqualTo(2);
    }

    private CommandRun erase(String user, String... more) {
        List<String> words =
                new ArrayList<>(List.of("erase", "--url", "http://localhost:" + port(), "--user", user + ":secret"));
        words.addAll(List.of(more));
        return CommandRun.here(words);
    }
}
