package io.drover.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drover.FaultyServer;
import io.drover.api.ApiClient.Answer;
import io.drover.api.ApiTestBase;
import io.drover.journal.SetAside;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** The commands that ask a running instance. */
@TestPropertySource(properties = "drover.routes.directory=src/test/resources/routes-console")
class RemoteCommandsTest extends ApiTestBase {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    @Autowired
    SetAside setAside;

    @Test
    void listsTasksForPeopleAndForScripts() throws Exception {
        String key = "CLI-" + UUID.randomUUID();
        String id = order("Atlantis", key);

        CommandRun table = drover("tasks", "--status", "dead", "--workflow", "order", "-q", key);
        CommandRun json = drover("tasks", "--json", "--query", key, "--limit", "5");

        assertThat(table.exitCode()).as(table.err()).isZero();
        List<String> lines = table.out().lines().toList();
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).startsWith("ID  ").contains("WORKFLOW", "STATUS", "ERROR");
        assertThat(lines.get(1)).startsWith(id).contains("order", key, "DEAD", "no carrier goes to Atlantis");
        assertThat(lines.get(0).indexOf("STATUS")).isEqualTo(lines.get(1).indexOf("DEAD"));
        assertThat(json.out()).hasLineCount(1);
        assertThat(JSON.readTree(json.out()).at("/tasks/0/id").asText()).isEqualTo(id);
    }

    @Test
    void showsATaskAndFailsWhenItHas() throws Exception {
        CommandRun dead = drover("task", order("Atlantis", null));
        CommandRun completed = drover("task", order("Oslo", null), "--json");

        assertThat(dead.exitCode()).isEqualTo(1);
        assertThat(dead.out())
                .contains("status       DEAD", "CALL", "charge", "SUCCEEDED", "carrier", "FAILED")
                .containsPattern("ATTEMPT +WORKER +BEGAN +ENDED +ENDING +ERROR")
                .containsPattern("(?m)^1 .* FAILED .*no carrier goes to Atlantis");
        assertThat(completed.exitCode()).as(completed.err()).isZero();
        JsonNode task = JSON.readTree(completed.out());
        assertThat(task.at("/output/carrier").asText()).isEqualTo("Posten");
    }

    @Test
    void listsWhatWaitsForAPerson() throws Exception {
        order("Avalon", null);

        CommandRun table = drover("inbox", "--kind", "dead", "--workflow", "order", "--limit", "1000");
        JsonNode json =
                JSON.readTree(drover("inbox", "--role", "nobody", "--json").out());

        assertThat(table.exitCode()).as(table.err()).isZero();
        assertThat(table.out()).startsWith("KIND").contains("Avalon", "order");
        assertThat(json.path("items")).isEmpty();
    }

    @Test
    void followsATaskToItsEnd() throws Exception {
        String id = operator().post("/api/tasks/told", "{}").json().path("id").asText();
        CompletableFuture<CommandRun> followed = CompletableFuture.supplyAsync(() -> drover("task", id, "--follow"));
        operator().post("/api/signals/told-on?key=" + id, "1");

        CommandRun result = followed.get(1, TimeUnit.MINUTES);

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out())
                .contains("progress  {\"step\":\"goes on\"}", "call      2 stock SUCCEEDED", "end       COMPLETED")
                .contains("status       COMPLETED");
        assertThat(drover("task", UUID.randomUUID().toString(), "--follow").err())
                .contains("there is no task");
    }

    /** What it did an hour ago is not what it does now; all tables have the same kind of time. */
    @Test
    void followsThePastWithItsTimes() throws Exception {
        String id = order("Oslo", null);
        JsonNode calls = operator().get("/api/tasks/" + id).json().path("calls");
        assertThat(calls).isNotEmpty();

        CommandRun result = drover("task", id, "--follow");

        for (JsonNode call : calls) {
            String ended = call.path("finishedAt").asText().replaceFirst("\\.\\d+Z", "Z");
            assertThat(result.out())
                    .contains("%s  call      %d %s SUCCEEDED"
                            .formatted(
                                    ended,
                                    call.path("n").asInt(),
                                    call.path("tool").asText()));
        }
        assertThat(result.out())
                .containsPattern("(?m)^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ  end       COMPLETED");
    }

    @Test
    void retriesAGroupOnlyWhenToldAfterAPreview() throws Exception {
        order("El Dorado", null);
        order("El Dorado", null);
        CommandRun groups = drover("dead", "--workflow", "order");
        assertThat(groups.out()).contains("TASKS", "El Dorado");
        String reason = groups.out()
                .lines()
                .filter(line -> line.contains("El Dorado"))
                .map(line -> line.substring(line.indexOf("tool:carrier")))
                .findFirst()
                .orElseThrow();

        CommandRun preview = drover("retry", "--workflow", "order", "--reason", reason);
        CommandRun done =
                drover("retry", "--workflow", "order", "--error", "ToolCallException", "--reason", reason, "--yes");
        CommandRun json = drover("retry", "--workflow", "order", "--reason", "nothing", "--json");

        assertThat(preview.exitCode()).as(preview.err()).isZero();
        assertThat(preview.out()).contains("dead tasks: 2").containsPattern("charge +has effects +skipped +2 +2");
        assertThat(preview.err()).contains("nothing was changed; --yes retries them");
        assertThat(done.exitCode()).as(done.err()).isZero();
        assertThat(done.out()).contains("queued again: 2");
        assertThat(JSON.readTree(json.out()).get("tasks").asInt()).isZero();
    }

    @Test
    void decidesAboutACallAndListsTheDecision() throws Exception {
        String id = operator()
                .post("/api/tasks/pay-back", "{\"orderId\":\"7\"}")
                .header("Location")
                .replace("/api/tasks/", "");
        org.awaitility.Awaitility.await().until(() -> operator()
                .get("/api/tasks/" + id)
                .json()
                .get("status")
                .asText()
                .equals("WAITING"));

        CommandRun sample = drover("resolve", id, "1");
        CommandRun refused = drover("resolve", id, "1", "happened", "--result", "{}");
        CommandRun wrong = drover("resolve", id, "1", "happened", "--result", "{");
        CommandRun decided = drover("resolve", id, "1", "happened", "--result", "{}", "--confirm");
        CommandRun audit = drover("audit", "--task", id, "--what", "resolve");

        assertThat(sample.out()).contains("tool:refund");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("'confirmed': true");
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err())
                .contains("--result ({) is not JSON: Unexpected end-of-input: expected close marker for Object; put");
        assertThat(decided.exitCode()).as(decided.err()).isZero();
        assertThat(decided.out()).startsWith(id + " is ");
        assertThat(drover("task", id).out()).contains("RESOLUTION", "happened");
        assertThat(audit.exitCode()).as(audit.err()).isZero();
        assertThat(audit.out()).contains("ACTOR", "ada", "resolve", id, "happened");
    }

    @Test
    void listsAndForgetsRecordsThatAreSetAside() throws Exception {
        setAside.add(
                new SetAside.Position("of-cli", "topic", 2, 17),
                new SetAside.Content(1, null, new byte[3], List.of()),
                new SetAside.Why("no JSON", "Some", "too large"));
        String id = Long.toString(setAside.list("of-cli", 1).getFirst().id());

        CommandRun listed = drover("set-aside", "--trigger", "of-cli");
        CommandRun refused = drover("set-aside", id, "--replay");
        CommandRun forgotten = drover("set-aside", id, "--forget", "--json");

        assertThat(listed.out()).contains("TRIGGER", "of-cli", "topic", "17", "no JSON", "too large");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("trigger of-cli does not run here");
        assertThat(forgotten.exitCode()).as(forgotten.err()).isZero();
        assertThat(forgotten.out()).as("the API's answer is empty").isEmpty();
        assertThat(setAside.list("of-cli", 1)).isEmpty();
        assertThat(drover("set-aside", id).exitCode()).isEqualTo(2);
    }

    @Test
    void holdsListsAndReleases() throws Exception {
        CommandRun held = drover("hold", "tool", "nobody_has_it", "--why", "an incident", "--for", "2h");
        String id = held.out().replaceFirst("(?s)hold (\\d+) .*", "$1");
        CommandRun listed = drover("holds");
        CommandRun released = drover("release", id, "0");
        CommandRun another = drover("hold", "tool", "nobody_has_it", "--why", "an incident", "--json");
        CommandRun quiet =
                drover("release", JSON.readTree(another.out()).path("id").asText(), "--json");

        assertThat(held.exitCode()).as(held.err()).isZero();
        assertThat(held.out()).contains("on tool:nobody_has_it is in force");
        assertThat(held.err()).contains("no tool 'nobody_has_it' is loaded");
        assertThat(listed.out()).contains("KIND", "nobody_has_it", "an incident", "ada");
        assertThat(released.out()).contains("hold " + id + " is released");
        assertThat(released.err()).contains("no hold 0 is in force");
        assertThat(released.exitCode()).isEqualTo(1);
        assertThat(quiet.exitCode()).as(quiet.err()).isZero();
        assertThat(quiet.out()).as("the API's answer is empty").isEmpty();
        assertThat(drover("hold", "tools", "x", "--why", "y").err()).contains("tool, workflow, model");
        assertThat(drover("hold", "tool", "x").exitCode()).isEqualTo(2);
    }

    @Test
    void approvesInAdvance() {
        CommandRun none = droverAs(
                "ann", "grant", "charge", "--calls", "1", "--for", "1h", "--why", "x", "--when", "${variable.a} > 1");

        assertThat(none.exitCode()).isEqualTo(1);
        assertThat(none.err()).contains("asks for no approval");
        assertThat(drover("grant", "charge", "--calls", "1", "--for", "1h", "--why", "x")
                        .err())
                .contains("only a user with the role approver may approve in advance");
        assertThat(drover("grants", "--tool", "charge").out()).contains("WHEN", "CALLS", "SUM");
        assertThat(droverAs("ann", "revoke", "0").err()).contains("no standing grant 0 is in force");
        assertThat(drover("grant", "--help").out()).contains("'${variable.", "amount} <= 200'");
    }

    @Test
    void decidesAboutManyCallsInDoubtOnlyWhenTheirNumberFits() throws Exception {
        CommandRun listed = drover("doubts", "--tool", "nobody");
        CommandRun refused = drover(
                "doubts",
                "--tool",
                "nobody",
                "--resolve",
                "fail",
                "--expected",
                "2",
                "--until",
                "2026-11-28T04:00:00Z");

        assertThat(listed.exitCode()).as(listed.err()).isZero();
        assertThat(listed.out()).contains("calls in doubt: 0");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("0 calls of tool:nobody match, not 2");
        assertThat(drover("doubts", "--resolve", "fail").exitCode()).isEqualTo(2);
    }

    /** As many as before, but others: one is settled elsewhere, and one came later. */
    @Test
    void decidesAboutNoCallThatCameAfterTheList() throws Exception {
        String first = doubt();
        doubt();
        CommandRun listed = drover("doubts", "--tool", "refund", "--workflow", "pay-back");
        assertThat(drover("resolve", first, "1", "fail").exitCode()).isZero();
        doubt();
        String command = listed.out().lines().toList().getLast();
        assertThat(command).startsWith("To decide about these: doubts --tool refund --workflow pay-back --until 2");
        List<String> words = new ArrayList<>(
                List.of(command.substring(command.indexOf("doubts ")).split(" ")));
        words.set(words.size() - 1, "fail");

        CommandRun refused = drover(words.toArray(String[]::new));
        CommandRun without =
                drover("doubts", "--tool", "refund", "--workflow", "pay-back", "--expected", "2", "--resolve", "fail");

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("1 calls of tool:refund match, not 2");
        assertThat(without.exitCode()).isEqualTo(2);
        assertThat(without.err()).contains("--until");
        words.set(words.indexOf("--expected") + 1, "1");
        CommandRun done = drover(words.toArray(String[]::new));
        assertThat(done.exitCode()).as(done.err()).isZero();
        assertThat(done.out()).contains("settled: 1");
    }

    private String doubt() {
        String id = operator()
                .post("/api/tasks/pay-back", "{\"orderId\":\"%s\"}".formatted(UUID.randomUUID()))
                .json()
                .path("id")
                .asText();
        await().until(() -> operator()
                .get("/api/tasks/" + id)
                .json()
                .path("waitReason")
                .asText()
                .equals("IN_DOUBT"));
        return id;
    }

    @Test
    void redoesATaskOnlyWhenToldAfterAPreview() throws Exception {
        String dead = order("Lyonesse", null);

        CommandRun preview = drover("retry", dead, "--from", "1");
        CommandRun refused = drover("retry", dead, "--from", "2", "--yes");
        CommandRun done = drover("retry", dead, "--from", "1", "--yes");

        assertThat(preview.exitCode()).as(preview.err()).isZero();
        assertThat(preview.out())
                .containsPattern("1 +stock +SUCCEEDED +forgotten")
                .containsPattern("2 +charge +SUCCEEDED +kept")
                .contains("approval afterwards: ", "charge");
        assertThat(preview.err()).contains("nothing was changed; --yes redoes it");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("call 2 (tool:charge) is kept");
        assertThat(done.exitCode()).as(done.err()).isZero();
        assertThat(done.out()).contains(dead + " is ");
        assertThat(drover("retry", "--workflow", "order", "--from", "1").exitCode())
                .isEqualTo(2);
    }

    @Test
    void decidesAboutEachTaskThatIsNamed() throws Exception {
        String dead = order("Atlantis", null);
        String unknown = UUID.randomUUID().toString();

        CommandRun cancelled = drover("cancel", unknown, dead);
        CommandRun refused = drover("retry", dead);

        assertThat(cancelled.exitCode()).isEqualTo(1);
        assertThat(cancelled.out()).contains(dead + " is CANCELLED");
        assertThat(cancelled.err()).contains(unknown + ": there is no task");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("only a DEAD task can be retried");
    }

    @Test
    void submitsATaskAndWaitsForItsEnd() throws Exception {
        Path oslo = Files.writeString(directory.resolve("oslo.json"), "{\"orderId\":\"1\",\"city\":\"Oslo\"}");
        Path atlantis =
                Files.writeString(directory.resolve("atlantis.json"), "{\"orderId\":\"1\",\"city\":\"Atlantis\"}");
        String key = UUID.randomUUID().toString();

        CommandRun done = drover("submit", "order", "--input", oslo.toString(), "--key", key, "--wait", "20");
        CommandRun same = drover("submit", "order", "--input", oslo.toString(), "--key", key, "--json");
        CommandRun other = drover("submit", "order", "--input", atlantis.toString(), "--key", key);
        CommandRun dead = drover("submit", "order", "--input", atlantis.toString(), "--wait", "20");
        CommandRun unknown = drover("submit", "a b", "--input", oslo.toString());

        assertThat(done.exitCode()).as(done.err()).isZero();
        assertThat(done.out()).contains(" COMPLETED", "\"carrier\":\"Posten\"");
        assertThat(JSON.readTree(same.out()).path("id").asText())
                .isEqualTo(done.out().split(" ")[0]);
        assertThat(other.exitCode()).isEqualTo(1);
        assertThat(other.err()).contains("another input");
        assertThat(dead.exitCode()).isEqualTo(1);
        assertThat(dead.out()).contains(" DEAD");
        assertThat(dead.err()).contains("no carrier goes to Atlantis");
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.err()).contains("a b");
        CommandRun mangled = drover("submit", "order", "--input", oslo.toString(), "--key", "Zo\u00eb");
        assertThat(mangled.exitCode()).isEqualTo(2);
        assertThat(mangled.err()).contains("--key (Zo\u00eb) must be printable ASCII here; curl sends others");
        assertThat(drover("submit", "order", "--input", oslo.toString(), "--wait", "0")
                        .exitCode())
                .isEqualTo(2);
    }

    @Test
    void submitsADryRunAndShowsWhatItDidNotDo() throws Exception {
        Path oslo = Files.writeString(directory.resolve("oslo.json"), "{\"orderId\":\"1\",\"city\":\"Oslo\"}");

        CommandRun done = drover("submit", "order", "--input", oslo.toString(), "--dry-run", "--wait", "20");

        assertThat(done.exitCode()).as(done.err()).isZero();
        String id = done.out().split(" ")[0];
        assertThat(drover("task", id).out())
                .containsPattern("mode +dry-run")
                .containsPattern("NOT MADE +TOOL +ARGUMENTS +ANSWERED BY +WOULD ASK")
                .containsPattern("charge +\\{\"orderId\":\"1\"} +echo");
        assertThat(drover("tasks", "--mode", "dry-run", "--limit", "200").out()).contains(id);
        assertThat(drover("tasks", "--mode", "live", "--limit", "200").out()).doesNotContain(id);
    }

    @Test
    void executesAPlanOnlyWhenToldAfterALook() throws Exception {
        Path oslo = Files.writeString(directory.resolve("oslo.json"), "{\"orderId\":\"P-1\",\"city\":\"Oslo\"}");
        String id = drover("submit", "order", "--input", oslo.toString(), "--dry-run", "--wait", "20")
                .out()
                .split(" ")[0];

        CommandRun look = drover("execute", id);
        CommandRun done = drover("execute", id, "--yes");
        CommandRun again = drover("execute", id, "--yes", "--json");
        String live = JSON.readTree(again.out()).path("id").asText();
        CommandRun refused = drover("execute", live, "--yes");

        assertThat(look.exitCode()).as(look.err()).isZero();
        assertThat(look.out())
                .containsPattern("TASK +CALL +TOOL +ARGUMENTS +ASKS")
                .containsPattern(id + " +2 +charge +\\{\"orderId\":\"P-1\"}")
                .doesNotContain("stock");
        assertThat(look.err()).contains("nothing was changed; --yes executes the plan");
        assertThat(done.exitCode()).as(done.err()).isZero();
        assertThat(done.out()).contains(live + " ");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("only a dry run has a plan");
        assertThat(drover("task", id).out()).containsPattern("executedBy +" + live);
        assertThat(drover("task", live).out()).containsPattern("plan +" + id);
    }

    @Test
    void submitsUnderTheKeyOfATrigger() throws Exception {
        Path oslo = Files.writeString(directory.resolve("oslo.json"), "{\"orderId\":\"1\",\"city\":\"Oslo\"}");
        String key = "orders/0/" + Math.abs(UUID.randomUUID().getMostSignificantBits() >> 2);

        CommandRun own = drover("submit", "order", "--input", oslo.toString(), "--key", key);
        CommandRun record = drover("submit", "order", "--input", oslo.toString(), "--key", key, "--key-of", "record");
        CommandRun wrong = drover("submit", "order", "--input", oslo.toString(), "--key", "K", "--key-of", "record");
        CommandRun without = drover("submit", "order", "--input", oslo.toString(), "--key-of", "trigger");

        assertThat(record.exitCode()).as(record.err()).isZero();
        assertThat(record.out().split(" ")[0]).isNotEqualTo(own.out().split(" ")[0]);
        assertThat(wrong.err()).contains("<topic>/<partition>/<offset>");
        assertThat(without.exitCode()).isEqualTo(2);
        assertThat(without.err()).contains("--key-of (trigger) needs a --key");
    }

    @Test
    void takesServerAndUserFromTheEnvironment() throws Exception {
        CommandRun result = CommandRun.alone(
                directory, List.of("DROVER_URL=" + url(), "DROVER_USER=ada:secret"), "workers", "--json");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(JSON.readTree(result.out()).path("workers")).isNotEmpty();
    }

    @Test
    void listsToolsAndWorkers() throws Exception {
        CommandRun tools = drover("tools");
        CommandRun workers = drover("workers");

        assertThat(tools.out()).containsPattern("charge +has effects +CLOSED +\\d+ of \\d+ +20/1s +charge.camel.yaml");
        assertThat(workers.out()).contains("WORKER", "@", "s ago");
    }

    @Test
    void letsTaskTextNotSteerTheTerminal() throws Exception {
        String key = UUID.randomUUID().toString();
        order("\\u001b[31mred\\u202e", key);

        CommandRun result = drover("tasks", "-q", key);

        assertThat(result.out()).contains("[31mred").doesNotContain("\u001b", "\u202e");
    }

    @Test
    void saysWhatHelpsWhenTheServerCannotBeAsked() throws Exception {
        CommandRun nobody = CommandRun.alone(directory, List.of(), "tasks", "--url", "http://localhost:" + port());
        CommandRun wrong =
                CommandRun.alone(directory, List.of("DROVER_PASSWORD=x"), "tasks", "--user", "ada", "--url", url());
        CommandRun away =
                CommandRun.alone(directory, List.of("DROVER_URL=http://localhost:1"), "tools", "--user=ada:x");
        CommandRun refused = drover("tasks", "--status", "lost");

        assertThat(nobody.exitCode()).isEqualTo(1);
        assertThat(nobody.err()).contains("needs a user", "DROVER_USER");
        assertThat(wrong.exitCode()).isEqualTo(1);
        assertThat(wrong.err()).contains("does not know the user 'ada'").doesNotContain("at io.drover");
        assertThat(away.exitCode()).isEqualTo(1);
        assertThat(away.err()).contains("http://localhost:1 does not answer", "--url");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("status is unknown");
    }

    /** What an Ingress answers while no pod is ready, or to those who leave TLS out. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "503 | '' | <html>503 Service Temporarily Unavailable | a proxy reaches no process that is ready",
                "502 | '' | '' | a proxy reaches no process that is ready",
                "308 | https://drover.example.com/api/tools | '' | sends its clients to https://drover.example.com; name",
                "302 | /login | <html> | sends its clients to /login; name",
                "404 | '' | <html>default backend | it is not Drover; check --url",
                "200 | '' | <html>hello | it is not Drover; check --url"
            })
    void saysWhoAnsweredInThePlaceOfDrover(int status, String location, String body, String message) {
        try (FaultyServer proxy = new FaultyServer()) {
            proxy.always("/api/tools", FaultyServer.status(status, "Location: " + location, body));

            CommandRun result = at(proxy.url(), "tools");

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err()).contains(message);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "task",
                "task x",
                "cancel",
                "retry",
                "retry --reason x",
                "execute",
                "tasks --limit x",
                "tasks --nothing"
            })
    void saysHowItIsUsed(String line) throws Exception {
        CommandRun result = drover(line.split(" "));

        assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
        assertThat(result.err()).contains("Usage: drover " + line.split(" ")[0]).doesNotContain("at io.drover");
    }

    private String order(String city, String key) {
        Answer answer = operator()
                .post(
                        "/api/tasks/order",
                        "{\"orderId\":\"1\",\"city\":\"%s\"}".formatted(city),
                        "Prefer",
                        "wait=20",
                        "Idempotency-Key",
                        key == null ? UUID.randomUUID().toString() : key);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json().get("id").asText();
    }

    private String url() {
        return "http://localhost:" + port();
    }

    /** In this process, which spares the start of another. */
    private CommandRun drover(String... args) {
        return droverAs("ada", args);
    }

    private CommandRun droverAs(String user, String... args) {
        List<String> words = new ArrayList<>(List.of(args));
        words.addAll(1, List.of("--user", user + ":secret"));
        return at(url(), words.toArray(String[]::new));
    }

    private CommandRun at(String url, String... args) {
        List<String> words = new ArrayList<>(List.of(args));
        words.addAll(1, List.of("--url", url));
        return CommandRun.here(words);
    }
}
