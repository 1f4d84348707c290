package io.drover.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.command.Api.Answer;
import io.drover.command.Api.RefusedException;
import java.util.Map;
import picocli.CommandLine.Command;

/** Lists the workers. */
@Command(
        name = "workers",
        mixinStandardHelpOptions = true,
        description = "Lists the workers with their last sign of life.")
final class WorkersCommand extends RemoteCommand {

    @Override
    int run(Api api) throws RefusedException {
        Answer answer = api.get("/api/workers", Map.of());
        show(answer, () -> {
            Table table = new Table("WORKER", "VERSION", "TRACK", "RUNNING", "HEARTBEAT", "STARTED");
            for (JsonNode worker : answer.json().path("workers")) {
                table.row(
                        worker.path("name"),
                        worker.path("version"),
                        worker.path("track"),
                        worker.path("running"),
                        Table.time(worker.path("heartbeatAge")) + " ago",
                        Table.time(worker.path("startedAt")));
            }
            table.print(out());
        });
        return 0;
    }
}
