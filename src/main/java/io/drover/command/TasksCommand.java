package io.drover.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.command.Api.Answer;
import io.drover.command.Api.RefusedException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists tasks. */
@Command(name = "tasks", mixinStandardHelpOptions = true, description = "Lists tasks, newest first.")
final class TasksCommand extends RemoteCommand {

    @Option(
            names = "--status",
            description = "Only those that are queued, running, waiting, completed, dead or cancelled.")
    private @Nullable String status;

    @Option(names = "--workflow", description = "Only those of this workflow.")
    private @Nullable String workflow;

    @Option(names = "--workflow-version", description = "Only those of this version of their workflow, such as 2.")
    private @Nullable Integer version;

    @Option(names = "--mode", description = "Only those that are live, dry-run or shadow.")
    private @Nullable String mode;

    @Option(
            names = {"-q", "--query"},
            description = "An id, a key, or a part of a key or an error.")
    private @Nullable String query;

    @Option(names = "--limit", defaultValue = "20", description = "The maximum number, up to 200. Defaults to 20.")
    private int limit;

    @Option(names = "--cursor", description = "The cursor at which an earlier list ended.")
    private @Nullable String cursor;

    @Override
    int run(Api api) throws RefusedException {
        Map<String, Object> filter = new HashMap<>();
        filter.put("status", status == null ? null : status.toUpperCase(Locale.ROOT));
        filter.put("workflow", workflow);
        filter.put("version", version);
        filter.put("mode", mode);
        filter.put("q", query);
        filter.put("limit", limit);
        filter.put("cursor", cursor);
        Answer answer = api.get("/api/tasks", filter);
        show(answer, () -> {
            Table table =
                    new Table("ID", "WORKFLOW", "VERSION", "KEY", "MODE", "STATUS", "ATTEMPTS", "SUBMITTED", "ERROR");
            for (JsonNode task : answer.json().path("tasks")) {
                table.row(
                        task.path("id"),
                        task.path("workflow"),
                        task.path("version"),
                        task.path("key"),
                        task.path("mode"),
                        task.path("status"),
                        task.path("attempts"),
                        Table.time(task.path("createdAt")),
                        Table.message(task.path("error")));
            }
            table.print(out());
            if (answer.json().has("next")) {
                complain("there are more: --cursor " + answer.json().get("next").asText());
            }
        });
        return 0;
    }
}
