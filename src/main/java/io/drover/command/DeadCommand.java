package io.drover.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.command.Api.Answer;
import io.drover.command.Api.RefusedException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Says why tasks are dead. */
@Command(name = "dead", mixinStandardHelpOptions = true, description = "Groups the dead tasks by their cause of death.")
final class DeadCommand extends RemoteCommand {

    @Option(names = "--workflow", description = "Only those of this workflow.")
    private @Nullable String workflow;

    @Override
    int run(Api api) throws RefusedException {
        Map<String, Object> filter = new HashMap<>();
        filter.put("workflow", workflow);
        Answer answer = api.get("/api/dead", filter);
        show(answer, () -> {
            Table table = new Table("TASKS", "WORKFLOW", "ERROR", "LAST", "REASON");
            for (JsonNode group : answer.json().path("groups")) {
                table.row(
                        group.path("count"),
                        group.path("workflow"),
                        group.path("type"),
                        Table.time(group.path("newest")),
                        group.path("reason"));
            }
            table.print(out());
        });
        return 0;
    }
}
