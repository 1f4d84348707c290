package io.drover.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.command.Api.Answer;
import io.drover.command.Api.RefusedException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists the approvals in advance. */
@Command(
        name = "grants",
        mixinStandardHelpOptions = true,
        description = "Lists the standing grants in force: calls that a person approved in advance.")
final class GrantsCommand extends RemoteCommand {

    @Option(names = "--tool", paramLabel = "<tool>", description = "Only those of this tool.")
    private @Nullable String tool;

    @Override
    int run(Api api) throws RefusedException {
        Map<String, String> query = new HashMap<>();
        query.put("tool", tool);
        Answer answer = api.get("/api/standing-grants", query);
        show(answer, () -> {
            Table table = new Table("ID", "TOOL", "WHEN", "CALLS", "SUM", "WHO", "UNTIL", "REASON");
            for (JsonNode grant : answer.json().path("grants")) {
                table.row(
                        grant.path("id"),
                        grant.path("tool"),
                        grant.has("when") ? grant.path("when") : "all calls",
                        grant.path("drawn").asText() + "/" + grant.path("calls").asText(),
                        grant.has("sumOf")
                                ? "%s/%s %s"
                                        .formatted(
                                                grant.path("drawnSum").asText(),
                                                grant.path("sum").asText(),
                                                grant.path("sumOf").asText())
                                : "",
                        grant.path("who"),
                        Table.time(grant.path("until")),
                        grant.path("reason"));
            }
            table.print(out());
        });
        return 0;
    }
}
