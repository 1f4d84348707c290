package io.drover.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.Quick;
import io.drover.json.Json;
import io.drover.json.Redaction;
import io.drover.kit.PastTask.UnreadableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a task did, as a test file that is right. */
@Quick
class RecordingTest {

    private static final String TASK =
            """
            {"id": "01a2303c-f1d5-721e-8449-d642bef8cd6e", "workflow": "order", "version": 2, "key": "k-1", "submittedBy": "ann",
             "status": "COMPLETED", "createdAt": "2026-01-05T09:00:00Z",
             "input": {"email": "ada@example.org", "amount": 500}, "output": {"paid": true},
             "approvals": [{"tool": "pay", "votes": [{"who": "bob", "approves": true}]}],
             "calls": [
               {"n": 1, "tool": "look", "state": "SUCCEEDED", "tries": 1, "idempotencyKey": "01a2303c-f1d5-721e-8449-d642bef8cd61",
                "startedAt": "2026-01-05T09:00:01Z", "arguments": {"email": "ada@example.org"}, "result": null, "fallback": "copy"},
               {"n": 2, "tool": "model.default", "state": "SUCCEEDED", "tries": 1, "idempotencyKey": "01a2303c-f1d5-721e-8449-d642bef8cd62",
                "startedAt": "2026-01-05T09:00:01Z", "arguments": {"agent": "triage"},
                "result": {"text": null, "calls": [{"id": "1", "tool": "pay", "arguments": "{\\"amount\\":500}"}], "usage": {"in": 9, "out": 3}}},
               {"n": 3, "tool": "pay", "state": "SUCCEEDED", "tries": 1, "idempotencyKey": "01a2303c-f1d5-721e-8449-d642bef8cd63",
                "startedAt": "2026-01-05T09:00:01Z", "arguments": {"amount": 500}, "result": {"email": "ada@example.org"}},
               {"n": 4, "tool": "wait:signal", "state": "SUCCEEDED", "tries": 1, "idempotencyKey": "01a2303c-f1d5-721e-8449-d642bef8cd64",
                "startedAt": "2026-01-05T09:00:01Z", "arguments": {"name": "done", "key": "7"},
                "result": {"outcome": "received", "signal": 1, "at": "2026-01-05T10:00:00.000000Z", "body": {"a": 1}}},
               {"n": 5, "tool": "tell", "state": "FAILED", "tries": 3, "idempotencyKey": "01a2303c-f1d5-721e-8449-d642bef8cd65",
                "startedAt": "2026-01-05T09:00:01Z", "arguments": {}, "error": {"message": "HTTP 503 from http://mail"}}
             ]}
            """;

    @TempDir
    Path routes;

    @Test
    void isAFileThatIsRight() throws Exception {
        TestCase script = read(Recording.testFile(json(TASK), List.of(), Redaction.NONE));

        assertThat(script.workflow()).isEqualTo("order");
        assertThat(script.version()).isEqualTo(2);
        assertThat(script.key()).isEqualTo("k-1");
        assertThat(script.now()).hasToString("2026-01-05T09:00:00Z");
        assertThat(script.tools().get("look").getFirst().fault()).isEqualTo(Fault.of("refused"));
        assertThat(script.tools().get("copy").getFirst().result().isNull()).isTrue();
        assertThat(script.tools().get("tell").getFirst().fault()).isEqualTo(new Fault(Fault.Kind.STATUS, 503));
        assertThat(script.agents().get("triage").getFirst().calls())
                .singleElement()
                .satisfies(call -> {
                    assertThat(call.tool()).isEqualTo("pay");
                    assertThat(call.arguments()).hasToString("{\"amount\":500}");
                });
        assertThat(script.agents().get("triage").getFirst().in()).isEqualTo(9);
        assertThat(script.people().get("pay").approves()).isTrue();
        assertThat(script.signals().getFirst().after()).hasHours(1);
        assertThat(script.expected().outcome()).isEqualTo("COMPLETED");
        assertThat(script.expected().output()).isEqualTo(json("{\"paid\":true}"));
        assertThat(script.expected().calls()).extracting(TestCase.Call::tool).containsExactly("look", "pay");
    }

    @Test
    void oneThatDiedIsToComplete() throws Exception {
        String text = Recording.testFile(json(TASK.replace("COMPLETED", "DEAD")), List.of(), Redaction.NONE);

        assertThat(text).startsWith("# The task died");
        assertThat(read(text).expected().outcome()).isEqualTo("COMPLETED");
        assertThat(read(text).expected().output()).isNull();
    }

    @Test
    void leavesOutWhatIsToBeHidden() throws Exception {
        String text = Recording.testFile(json(TASK), List.of(), Redaction.of("email"));

        assertThat(text).doesNotContain("ada@example.org").contains("(redacted)");
    }

    @Test
    void whatIsHiddenIsNotExported() throws Exception {
        JsonNode hidden = json(TASK.replace("{\"email\": \"ada@example.org\", \"amount\": 500}", "\"(hidden)\""));

        assertThatThrownBy(() -> Recording.testFile(hidden, List.of(), Redaction.NONE))
                .isInstanceOf(UnreadableException.class)
                .hasMessageContaining("hidden from you");
    }

    private TestCase read(String text) throws Exception {
        Path file = routes.resolve("order.test.yaml");
        Files.writeString(file, text);
        TestFile read = TestFile.read(routes, file);
        assertThat(read.problems()).isEmpty();
        return read.cases().getFirst();
    }

    private static JsonNode json(String text) throws Exception {
        return Json.parse(text);
    }
}
