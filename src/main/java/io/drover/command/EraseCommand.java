package io.drover.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.command.Api.Answer;
import io.drover.command.Api.RefusedException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Erases a person. */
@Command(
        name = "erase",
        mixinStandardHelpOptions = true,
        description = {
            "Erases what is kept about a user, and prints a receipt that says what was not reached. Needs the role admin.",
            "Refused while a task of the user has not ended. Can be repeated. With --json, keep the answer: it is kept nowhere."
        })
final class EraseCommand extends RemoteCommand {

    /** It reads the whole table of tasks, and a request that is given up goes on. */
    private static final Duration PATIENCE = Duration.ofHours(2);

    @Parameters(index = "0", paramLabel = "<who>", description = "The person, as in submittedBy of tasks.")
    private String who;

    @Option(
            names = "--memory",
            paramLabel = "<key>",
            description = "A key of long memory that is about the person, too. Can be repeated.")
    private List<String> memory = List.of();

    @Option(names = "--dry-run", description = "Counts, and changes nothing.")
    private boolean dryRun;

    @Override
    int run(Api api) throws RefusedException {
        Answer answer = api.post("/api/erasures", Map.of("user", who, "memory", memory, "dryRun", dryRun), PATIENCE);
        show(answer, () -> {
            JsonNode receipt = answer.json();
            say("%s at %s, for %s"
                    .formatted(
                            dryRun ? "Nothing was changed; this would be erased" : "Erased",
                            Table.time(receipt.path("at")),
                            receipt.path("by").asText()));
            Table erased = new Table("STORE", "ROWS");
            receipt.path("erased").properties().forEach(store -> erased.row(store.getKey(), store.getValue()));
            erased.print(out());
            left("KEPT", receipt.path("kept"));
            left("NOT REACHED", receipt.path("notReached"));
            say("");
            say("The audit log has the commitment %s; its salt is %s."
                    .formatted(
                            receipt.path("commitment").asText(),
                            receipt.path("salt").asText()));
        });
        return 0;
    }

    private void left(String title, JsonNode rest) {
        say("");
        Table table = new Table(title, "ROWS", "WHY");
        rest.forEach(one -> table.row(one.path("what"), one.path("rows"), one.path("why")));
        table.print(out());
    }
}
