package io.drover.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.command.Api.Answer;
import io.drover.command.Api.RefusedException;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Redoes a dead task from a call on, after it has shown what that forgets. */
record Redo(UUID task, int from, RemoteCommand command) {

    /** @return the exit code */
    int run(Api api, boolean yes) throws RefusedException {
        String path = "/api/tasks/%s/retry".formatted(task);
        Answer preview = api.get(path, Map.of("from", from));
        if (!command.isJson() || !yes) {
            command.show(preview, () -> print(preview.json()));
        }
        if (yes) {
            Answer redone = api.post(path + "?from=" + from, null);
            command.show(
                    redone,
                    () -> command.say(
                            task + " is " + redone.json().path("status").asText()));
        } else {
            command.complain("nothing was changed; --yes redoes it");
        }
        return 0;
    }

    private void print(JsonNode preview) {
        Table table = new Table("CALL", "TOOL", "STATE", "ON A REDO");
        preview.path("forgotten").forEach(call -> row(table, call, "forgotten"));
        preview.path("kept").forEach(call -> row(table, call, "kept"));
        table.print(command.out());
        command.say("calls before, all kept: " + preview.path("before").asInt());
        command.say("tools that need an approval afterwards: " + names(preview.path("asks")));
        command.say("tools with an effect key: " + names(preview.path("keyed")));
    }

    private static void row(Table table, JsonNode call, String then) {
        table.row(call.path("n"), call.path("tool"), call.path("state"), then);
    }

    private static String names(JsonNode tools) {
        return tools.isEmpty()
                ? "none"
                : StreamSupport.stream(tools.spliterator(), false)
                        .map(JsonNode::asText)
                        .collect(Collectors.joining(", "));
    }
}
