package io.drover.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.command.Api.Answer;
import io.drover.command.Api.RefusedException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists what waits for a person. */
@Command(
        name = "inbox",
        mixinStandardHelpOptions = true,
        description =
                "Lists what waits for a person: approvals, calls in doubt, groups of dead tasks, holds; the oldest first.")
final class InboxCommand extends RemoteCommand {

    @Option(names = "--kind", description = "approval, doubt, dead or hold.")
    private @Nullable String kind;

    @Option(names = "--role", description = "Only what this role decides.")
    private @Nullable String role;

    @Option(names = "--tool", description = "Only what concerns this tool.")
    private @Nullable String tool;

    @Option(names = "--workflow", description = "Only what concerns this workflow.")
    private @Nullable String workflow;

    @Option(names = "--age", description = "Only what has waited as long as that, as in 2h.")
    private @Nullable String age;

    @Option(names = "--limit", defaultValue = "100", description = "The maximum number, up to 1000. Defaults to 100.")
    private int limit;

    @Override
    int run(Api api) throws RefusedException {
        Map<String, Object> filter = new HashMap<>();
        filter.put("kind", kind);
        filter.put("role", role);
        filter.put("tool", tool);
        filter.put("workflow", workflow);
        filter.put("age", age);
        filter.put("limit", limit);
        Answer answer = api.get("/api/inbox", filter);
        show(answer, () -> {
            Table table = new Table("KIND", "COUNT", "TOOL", "WORKFLOW", "SINCE", "TASK", "REASON");
            for (JsonNode item : answer.json().path("items")) {
                table.row(
                        item.path("kind"),
                        item.path("count"),
                        item.path("tool"),
                        item.path("workflow"),
                        Table.time(item.path("since")),
                        item.path("task"),
                        item.path("reason"));
            }
            table.print(out());
        });
        return 0;
    }
}
