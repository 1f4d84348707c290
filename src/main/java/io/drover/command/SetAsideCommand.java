package io.drover.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.command.Api.Answer;
import io.drover.command.Api.RefusedException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the records that are set aside, and ends their stay. */
@Command(
        name = "set-aside",
        mixinStandardHelpOptions = true,
        description = {
            "Lists the records of Kafka that neither became tasks nor went to a dead letter topic.",
            "The named records are replayed, sent to their dead letter topic, or deleted."
        })
final class SetAsideCommand extends RemoteCommand {

    @Parameters(arity = "0..*", paramLabel = "<id>", description = "The records' ids.")
    private @Nullable List<Long> ids;

    @Option(names = "--trigger", description = "Only those of this trigger.")
    private @Nullable String trigger;

    @Option(names = "--before", paramLabel = "<id>", description = "Only those with a smaller id.")
    private @Nullable Long before;

    @Option(names = "--limit", defaultValue = "100", description = "The maximum number, up to 1000. Defaults to 100.")
    private int limit;

    @ArgGroup
    private @Nullable Action action;

    /** What becomes of those that are named. */
    static final class Action {

        @Option(names = "--replay", description = "Replay them through their trigger.")
        private boolean replay;

        @Option(names = "--dead-letter", description = "Send them to their dead letter topic.")
        private boolean deadLetter;

        @Option(names = "--forget", description = "Forget them.")
        private boolean forget;
    }

    @Override
    int run(Api api) throws RefusedException {
        boolean named = ids != null && !ids.isEmpty();
        if (named != (action != null)) {
            throw wrong("name records together with one of --replay, --dead-letter and --forget");
        }
        return ids != null && action != null ? act(ids, action, api) : list(api);
    }

    private int act(List<Long> ids, Action action, Api api) {
        return Decisions.each(ids, this, id -> {
            String record = "/api/set-aside/" + id;
            Answer answer = action.forget
                    ? api.delete(record)
                    : api.post(record + (action.replay ? "/replay" : "/dead-letter"), null);
            String done = action.forget ? "forgotten" : action.replay ? "replayed" : "in its dead letter topic";
            show(answer, () -> say(id + " is " + done));
        });
    }

    private int list(Api api) throws RefusedException {
        Map<String, Object> filter = new HashMap<>();
        filter.put("trigger", trigger);
        filter.put("before", before);
        filter.put("limit", limit);
        Answer answer = api.get("/api/set-aside", filter);
        show(answer, () -> {
            Table table =
                    new Table("ID", "TRIGGER", "TOPIC", "PARTITION", "OFFSET", "BYTES", "AT", "REASON", "REFUSAL");
            for (JsonNode record : answer.json().path("records")) {
                JsonNode position = record.path("position");
                table.row(
                        record.path("id"),
                        position.path("trigger"),
                        position.path("topic"),
                        position.path("partition"),
                        position.path("offset"),
                        record.path("payloadBytes"),
                        Table.time(record.path("at")),
                        record.path("why").path("reason"),
                        record.path("why").path("refusal"));
            }
            table.print(out());
        });
        return 0;
    }
}
