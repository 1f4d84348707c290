package io.drover.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.command.Api.Answer;
import io.drover.command.Api.RefusedException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists the calls that wait for an approval. */
@Command(
        name = "approvals",
        mixinStandardHelpOptions = true,
        description = "Lists the calls that wait for an approval, the oldest first.")
final class ApprovalsCommand extends RemoteCommand {

    @Option(names = "--tool", paramLabel = "<tool>", description = "Only calls of this tool.")
    private @Nullable String tool;

    @Option(names = "--workflow", paramLabel = "<workflow>", description = "Only calls of this workflow's tasks.")
    private @Nullable String workflow;

    @Override
    int run(Api api) throws RefusedException {
        Map<String, String> query = new HashMap<>();
        query.put("tool", tool);
        query.put("workflow", workflow);
        Answer answer = api.get("/api/approvals", query);
        show(answer, () -> {
            Table table = new Table("ID", "TOOL", "WHAT", "WORKFLOW", "SUBMITTED BY", "ASKED", "UNTIL", "VOTES");
            for (JsonNode approval : answer.json().path("approvals")) {
                table.row(
                        approval.path("id"),
                        approval.path("tool"),
                        approval.has("summary")
                                ? approval.path("summary")
                                : approval.path("arguments").toString(),
                        approval.path("workflow"),
                        approval.path("submittedBy"),
                        Table.time(approval.path("askedAt")),
                        approval.has("decideBy") ? Table.time(approval.path("decideBy")) : "decided",
                        "%d/%s"
                                .formatted(
                                        approval.path("votes").size(),
                                        approval.path("need").asText()));
            }
            table.print(out());
        });
        return 0;
    }
}
