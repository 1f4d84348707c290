package io.drover.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.command.Api.Answer;
import io.drover.command.Api.RefusedException;
import java.util.Map;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Executes the plan of a dry run. */
@Command(
        name = "execute",
        mixinStandardHelpOptions = true,
        description = {
            "Executes the plan of a dry run: a live task makes the calls that the dry run did not make.",
            "It first shows these calls, and needs --yes to continue. A person is asked about any other call."
        })
final class ExecuteCommand extends RemoteCommand {

    @Parameters(paramLabel = "<id>", description = "The dry run's id.")
    private UUID id;

    @Option(names = "--yes", description = "Do it.")
    private boolean yes;

    @Override
    int run(Api api) throws RefusedException {
        String path = "/api/tasks/%s/execute".formatted(id);
        Answer plan = api.get(path, Map.of());
        if (!isJson() || !yes) {
            show(plan, () -> print(plan.json()));
        }
        if (yes) {
            Answer live = api.post(path, null);
            show(
                    live,
                    () -> say(live.json().path("id").asText() + " "
                            + live.json().path("status").asText()));
        } else {
            complain("nothing was changed; --yes executes the plan");
        }
        return 0;
    }

    private void print(JsonNode plan) {
        if (plan.path("calls").isEmpty()) {
            say("The dry run left no call out.");
        } else {
            Table table = new Table("TASK", "CALL", "TOOL", "ARGUMENTS", "ASKS");
            for (JsonNode call : plan.path("calls")) {
                table.row(
                        call.path("task"),
                        call.path("n"),
                        call.path("tool"),
                        call.path("arguments").toString(),
                        call.path("asks"));
            }
            table.print(out());
        }
        if (plan.has("executedBy")) {
            say("executed by " + plan.path("executedBy").asText());
        }
    }
}
