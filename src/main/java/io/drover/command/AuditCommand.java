package io.drover.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.command.Api.Answer;
import io.drover.command.Api.RefusedException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists who decided what. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = {
            "Lists what people decided, newest first.",
            "The audit log of everything that happened is exported, and checked, by the commands below."
        },
        subcommands = {
            AuditExportCommand.class,
            AuditVerifyCommand.class,
            AuditProveCommand.class,
            AuditPruneCommand.class,
            AuditCheckpointsCommand.class
        })
final class AuditCommand extends RemoteCommand {

    @Option(names = "--actor", description = "Only decisions of this user.")
    private @Nullable String actor;

    @Option(names = "--what", paramLabel = "<action>", description = "Only this action, for example resolve.")
    private @Nullable String what;

    @Option(names = "--task", paramLabel = "<id>", description = "Only decisions about this task.")
    private @Nullable UUID task;

    @Option(names = "--since", paramLabel = "<time>", description = "Only decisions of that time or later.")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "<time>", description = "Only decisions before that time.")
    private @Nullable String until;

    @Option(names = "--limit", defaultValue = "50", description = "The maximum number, up to 200. Defaults to 50.")
    private int limit;

    @Option(names = "--cursor", description = "The cursor at which an earlier list ended.")
    private @Nullable String cursor;

    @Override
    int run(Api api) throws RefusedException {
        Map<String, Object> filter = new HashMap<>();
        filter.put("actor", actor);
        filter.put("what", what);
        filter.put("task", task);
        filter.put("since", since);
        filter.put("until", until);
        filter.put("limit", limit);
        filter.put("cursor", cursor);
        Answer answer = api.get("/api/audit", filter);
        show(answer, () -> {
            Table table = new Table("AT", "ACTOR", "WHAT", "TASK", "DETAIL");
            for (JsonNode entry : answer.json().path("entries")) {
                table.row(
                        Table.time(entry.path("at")),
                        entry.path("actor"),
                        entry.path("what"),
                        entry.path("task"),
                        entry.has("detail") ? entry.get("detail").toString() : "");
            }
            table.print(out());
            if (answer.json().has("next")) {
                complain("there are more: --cursor " + answer.json().get("next").asText());
            }
        });
        return 0;
    }
}
