package io.drover.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.command.Api.RefusedException;
import io.drover.json.Redaction;
import io.drover.kit.PastTask.UnreadableException;
import io.drover.kit.Recording;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a test of a task that has run. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = {
            "Writes a test file of a task of a running instance: what it heard becomes what the test answers.",
            "A task that died becomes a test that fails until it would complete (docs/testing-routes.md#record)."
        })
final class ExportCommand extends RemoteCommand {

    private static final int MOST_CHILDREN = 50;

    @Parameters(paramLabel = "<id>", description = "The task's id.")
    private UUID id;

    @Option(
            names = "--out",
            paramLabel = "<file>",
            description = "Where to write it, such as routes/workflows/order.test.yaml. Else it is printed.")
    private @Nullable Path file;

    @Option(
            names = "--redact",
            paramLabel = "<fields>",
            description =
                    "Fields of inputs, arguments, results and outputs that are left out, as in email,card.number.")
    private @Nullable String redact;

    @Override
    int run(Api api) throws RefusedException {
        String problem = redact == null ? null : Redaction.problem("--redact", redact);
        if (problem != null) {
            throw wrong(problem);
        }
        JsonNode task = api.get("/api/tasks/" + id, Map.of()).json();
        List<JsonNode> children = new ArrayList<>();
        collect(api, task, children);
        String text;
        try {
            text = Recording.testFile(task, children, Redaction.of(redact));
        } catch (UnreadableException e) {
            throw new RefusedException(String.valueOf(e.getMessage()));
        }
        if (file == null) {
            out().print(text);
            return 0;
        }
        try {
            Files.write(file, text.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            throw wrong("--out (%s) is there already; name another file, or remove it".formatted(file));
        } catch (IOException e) {
            throw wrong("--out (%s) cannot be written: %s".formatted(file, e.getMessage()));
        }
        say("wrote " + file);
        return 0;
    }

    /** The tasks that it awaits, and those that these await. */
    private static void collect(Api api, JsonNode task, List<JsonNode> children) throws RefusedException {
        for (JsonNode call : task.path("calls")) {
            JsonNode child = call.path("arguments").path("task");
            boolean awaits = call.path("tool").asText().startsWith("task:") && child.isTextual();
            if (awaits && children.size() < MOST_CHILDREN) {
                JsonNode one = api.get("/api/tasks/" + child.asText(), Map.of()).json();
                children.add(one);
                collect(api, one, children);
            }
        }
    }
}
