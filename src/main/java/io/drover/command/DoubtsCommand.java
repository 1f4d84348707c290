package io.drover.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.command.Api.Answer;
import io.drover.command.Api.RefusedException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows the calls in doubt that tasks wait for, and decides about many of them. */
@Command(
        name = "doubts",
        mixinStandardHelpOptions = true,
        description = {
            "Lists the calls in doubt that tasks wait for, and how many there are.",
            "With --resolve it decides about all calls of a tool that match, or about none: --expected and --until say which were seen."
        })
final class DoubtsCommand extends RemoteCommand {

    private static final int MOST = 1_000;

    @Option(names = "--tool", description = "Only calls of this tool.")
    private @Nullable String tool;

    @Option(names = "--workflow", description = "Only those of this workflow.")
    private @Nullable String workflow;

    @Option(names = "--since", paramLabel = "<time>", description = "Only those that began then or later.")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "<time>", description = "Only those that began then or earlier.")
    private @Nullable String until;

    @Option(
            names = "--limit",
            defaultValue = "100",
            description = "The maximum number to show, up to 1000. Defaults to 100.")
    private int limit;

    @Option(names = "--resolve", paramLabel = "happened|again|fail", description = "The decision about them.")
    private @Nullable String resolution;

    @Option(names = "--expected", paramLabel = "<count>", description = "The number of calls that you saw, up to 1000.")
    private @Nullable Integer expected;

    @Option(names = "--result", paramLabel = "<json>", description = "The result of each call that happened.")
    private @Nullable String result;

    @Option(names = "--confirm", description = "Accept a result that lacks what the tool usually returns.")
    private boolean confirmed;

    @Override
    int run(Api api) throws RefusedException {
        Map<String, Object> filter = new HashMap<>();
        filter.put("tool", tool);
        filter.put("workflow", workflow);
        filter.put("since", since);
        filter.put("until", until);
        if (resolution == null) {
            return list(filter, api);
        }
        if (tool == null || expected == null || until == null) { // a call that came later was not seen
            throw wrong("--resolve needs --tool, and --expected and --until as the list shows them");
        }
        filter.put("resolution", resolution);
        filter.put("expected", expected);
        filter.put("result", json("--result", result));
        filter.put("confirmed", confirmed);
        Answer answer = api.post("/api/calls/resolve", filter);
        show(answer, () -> say("settled: " + answer.json().path("resolved").asInt()));
        return 0;
    }

    private int list(Map<String, Object> filter, Api api) throws RefusedException {
        filter.put("limit", limit);
        Answer answer = api.get("/api/calls/in-doubt", filter);
        show(answer, () -> {
            say("calls in doubt: " + answer.json().path("count").asInt());
            Table table = new Table("TASK", "CALL", "TOOL", "WORKFLOW", "KEY", "IDEMPOTENCY-KEY", "BEGAN", "REASON");
            for (JsonNode call : answer.json().path("calls")) {
                table.row(
                        call.path("task"),
                        call.path("n"),
                        call.path("tool"),
                        call.path("workflow"),
                        call.path("key"),
                        call.path("address"),
                        Table.time(call.path("startedAt")),
                        call.path("reason"));
            }
            table.print(out());
            sayHowToDecide(answer.json());
        });
        return 0;
    }

    private void sayHowToDecide(JsonNode listed) {
        int count = listed.path("count").asInt();
        if (tool == null || count == 0) {
            return;
        }
        say("");
        if (listed.path("calls").size() < count) {
            say("To decide about all, list all: --limit %d, or a shorter time by --since and --until.".formatted(MOST));
            return;
        }
        say("To decide about these: doubts --tool %s%s%s --until %s --expected %d --resolve happened|again|fail"
                .formatted(
                        tool,
                        workflow == null ? "" : " --workflow " + workflow,
                        since == null ? "" : " --since " + since,
                        listed.path("until").asText(),
                        count));
    }
}
