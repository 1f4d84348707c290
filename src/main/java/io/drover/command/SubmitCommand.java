package io.drover.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.command.Api.Answer;
import io.drover.command.Api.RefusedException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Submits a task to a running instance. */
@Command(
        name = "submit",
        mixinStandardHelpOptions = true,
        description = {
            "Submits a task to a running instance, and prints its id and status.",
            "With --wait it also prints the output or the error; the exit code is 1 if the task is dead or cancelled"
                    + " by then."
        })
final class SubmitCommand extends RemoteCommand {

    private static final Set<String> FAILED = Set.of("DEAD", "CANCELLED");

    @Mixin
    private TaskInput task = new TaskInput();

    @Option(
            names = "--wait",
            paramLabel = "<seconds>",
            description = "How long to wait for the end, up to 60. Defaults to not at all.")
    private @Nullable Integer wait;

    @Option(
            names = "--key-of",
            paramLabel = "trigger|record",
            description = {
                "Whose key it is, for operators: that of a trigger's task. The event, when it comes, is the same task.",
                "trigger: what the key of the trigger evaluates to. record: <topic>/<partition>/<offset>, if the trigger"
                        + " gives no key."
            })
    private @Nullable String keyOf;

    @Override
    int run(Api api) throws RefusedException {
        if (wait != null && (wait < 1 || wait > 60)) {
            throw wrong("--wait (%d) must be a number of seconds from 1 to 60".formatted(wait));
        }
        if (task.key() != null && !task.key().chars().allMatch(c -> c >= ' ' && c < 0x7F)) { // others would become '?'
            throw wrong("--key (%s) must be printable ASCII here; curl sends others: -H 'Idempotency-Key: <key>'"
                    .formatted(task.key()));
        }
        if (keyOf != null && task.key() == null) {
            throw wrong("--key-of (%s) needs a --key".formatted(keyOf));
        }
        Map<String, String> headers = new HashMap<>();
        if (task.key() != null) {
            headers.put("Idempotency-Key", task.key());
        }
        if (wait != null) {
            headers.put("Prefer", "wait=" + wait);
        }
        Answer answer = api.submit(task.workflow(), task.read(command()), headers, keyOf, task.isDryRun());
        JsonNode submitted = answer.json();
        show(answer, () -> {
            say(submitted.path("id").asText() + " " + submitted.path("status").asText());
            if (submitted.has("output")) {
                say(submitted.get("output").toString());
            }
        });
        String status = submitted.path("status").asText();
        if (FAILED.contains(status) && !isJson()) {
            complain(Table.message(submitted.path("error")));
        }
        return FAILED.contains(status) ? 1 : 0;
    }
}
