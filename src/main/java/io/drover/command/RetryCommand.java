package io.drover.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.command.Api.Answer;
import io.drover.command.Api.RefusedException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Redrives dead tasks. */
@Command(
        name = "retry",
        mixinStandardHelpOptions = true,
        description = {
            "Queues dead tasks again: those that are named, or all of a workflow with the same cause of death.",
            "For a workflow it first shows which calls are done and will be skipped, and needs --yes to continue.",
            "With --from, one task forgets what its models answered and its tools read from that call on, so that it asks",
            "them again. It first shows which calls are forgotten and which are kept, and needs --yes to continue."
        })
final class RetryCommand extends RemoteCommand {

    @Parameters(arity = "0..*", paramLabel = "<id>", description = "The tasks' ids.")
    private @Nullable List<UUID> ids;

    @Option(
            names = "--from",
            paramLabel = "<n>",
            description = "The number of the first call of the task to forget; see `task`.")
    private @Nullable Integer from;

    @Option(names = "--workflow", description = "All dead tasks of this workflow.")
    private @Nullable String workflow;

    @Option(
            names = "--error",
            paramLabel = "<type>",
            description = "Only those with an error of this type; see `dead`.")
    private @Nullable String error;

    @Option(names = "--reason", description = "Only those that died for this reason; see `dead`.")
    private @Nullable String reason;

    @Option(
            names = "--limit",
            defaultValue = "1000",
            description = "The maximum number, up to 10000. Defaults to 1000.")
    private int limit;

    @Option(names = "--yes", description = "Do it.")
    private boolean yes;

    @Override
    int run(Api api) throws RefusedException {
        boolean named = ids != null && !ids.isEmpty();
        if (named == (workflow != null) || named && (error != null || reason != null)) {
            throw wrong("name tasks by their ids, or a --workflow with or without --error and --reason");
        }
        if (from != null) {
            if (ids == null || ids.size() != 1) {
                throw wrong("--from is the number of a call of one task; name that task by its id");
            }
            return new Redo(ids.getFirst(), from, this).run(api, yes);
        }
        if (ids != null && named) {
            return Decisions.each(ids, "retry", this, api);
        }
        Map<String, Object> filter = new HashMap<>();
        filter.put("workflow", workflow);
        filter.put("type", error);
        filter.put("reason", reason);
        filter.put("limit", limit);
        Answer preview = api.get("/api/dead/retry", filter);
        if (!isJson() || !yes) {
            show(preview, () -> print(preview.json()));
        }
        if (yes && preview.json().path("tasks").asInt() > 0) {
            filter.put("until", preview.json().path("until").asText());
            Answer retried = api.post("/api/dead/retry", filter);
            show(
                    retried,
                    () -> say("queued again: " + retried.json().path("retried").asInt()));
        }
        return 0;
    }

    private void print(JsonNode preview) {
        say("dead tasks: %d%s"
                .formatted(
                        preview.path("tasks").asInt(),
                        preview.path("more").asBoolean() ? ", and more; see --limit" : ""));
        if (!preview.path("calls").isEmpty()) {
            Table table = new Table("TOOL", "EFFECTS", "ON A RETRY", "CALLS", "TASKS");
            for (JsonNode call : preview.path("calls")) {
                table.row(
                        call.path("tool"),
                        call.path("readOnly").asBoolean()
                                ? "only reads"
                                : call.has("readOnly") ? "has effects" : "not loaded",
                        call.path("then").asText().toLowerCase(Locale.ROOT).replace('_', ' '),
                        call.path("calls"),
                        call.path("tasks"));
            }
            table.print(out());
        }
        if (!yes && preview.path("tasks").asInt() > 0) {
            complain("nothing was changed; --yes retries them");
        }
    }
}
