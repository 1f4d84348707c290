package io.drover.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.command.Api.Answer;
import io.drover.command.Api.RefusedException;
import java.util.Map;
import picocli.CommandLine.Command;

/** Lists the tools. */
@Command(
        name = "tools",
        mixinStandardHelpOptions = true,
        description = "Lists the tools with their rate and the breaker of the process that answers.")
final class ToolsCommand extends RemoteCommand {

    @Override
    int run(Api api) throws RefusedException {
        Answer answer = api.get("/api/tools", Map.of());
        show(answer, () -> {
            Table table = new Table("TOOL", "EFFECTS", "BREAKER", "FAILED", "RATE", "FILE", "DESCRIPTION");
            for (JsonNode tool : answer.json().path("tools")) {
                JsonNode breaker = tool.path("breaker");
                table.row(
                        tool.path("name"),
                        !tool.at("/policy/enabled").asBoolean()
                                ? "disabled"
                                : tool.at("/policy/readOnly").asBoolean() ? "only reads" : "has effects",
                        breaker.path("state"),
                        breaker.path("failedCalls").asInt() + " of "
                                + breaker.path("bufferedCalls").asInt(),
                        tool.at("/throttle/rate"),
                        tool.path("file"),
                        tool.path("description"));
            }
            table.print(out());
        });
        return 0;
    }
}
