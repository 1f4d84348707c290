package io.drover.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.command.Api.Answer;
import io.drover.command.Api.RefusedException;
import java.util.Map;
import picocli.CommandLine.Command;

/** Lists what is held. */
@Command(name = "holds", mixinStandardHelpOptions = true, description = "Lists what is held, the oldest hold first.")
final class HoldsCommand extends RemoteCommand {

    @Override
    int run(Api api) throws RefusedException {
        Answer answer = api.get("/api/holds", Map.of());
        show(answer, () -> {
            Table table = new Table("ID", "KIND", "NAME", "WHO", "SINCE", "UNTIL", "REASON");
            for (JsonNode hold : answer.json().path("holds")) {
                table.row(
                        hold.path("id"),
                        hold.path("kind"),
                        hold.path("name"),
                        hold.path("who"),
                        Table.time(hold.path("since")),
                        hold.has("until") ? Table.time(hold.path("until")) : "released",
                        hold.path("reason"));
            }
            table.print(out());
        });
        return 0;
    }
}
