package io.drover.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.command.Api.Answer;
import io.drover.command.Api.RefusedException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Decides about one call in doubt. */
@Command(
        name = "resolve",
        mixinStandardHelpOptions = true,
        description = {
            "Decides about a call whose outcome is unknown.",
            "Without a decision it shows what the call's tool returned last."
        })
final class ResolveCommand extends RemoteCommand {

    @Parameters(index = "0", paramLabel = "<id>", description = "The task's id.")
    private UUID id;

    @Parameters(index = "1", paramLabel = "<call>", description = "The number of the call.")
    private int call;

    @Parameters(index = "2", arity = "0..1", paramLabel = "happened|again|fail", description = "The decision.")
    private @Nullable String resolution;

    @Option(names = "--result", paramLabel = "<json>", description = "The result of a call that happened.")
    private @Nullable String result;

    @Option(names = "--confirm", description = "Accept a result that lacks what the tool usually returns.")
    private boolean confirmed;

    @Option(
            names = "--replaces",
            paramLabel = "<time>",
            description = "The time of another person's decision that this one replaces.")
    private @Nullable String replaces;

    @Override
    int run(Api api) throws RefusedException {
        String path = "/api/tasks/%s/calls/%d".formatted(id, call);
        if (resolution == null) {
            Answer sample = api.get(path + "/sample", Map.of());
            show(sample, () -> say(lastResult(sample.json())));
            return 0;
        }
        Map<String, Object> decision = new HashMap<>();
        decision.put("resolution", resolution);
        decision.put("result", json("--result", result));
        decision.put("confirmed", confirmed);
        decision.put("replaces", replaces);
        Answer answer = api.post(path + "/resolve", decision);
        show(answer, () -> say(id + " is " + answer.json().path("status").asText()));
        return 0;
    }

    private static String lastResult(JsonNode sample) {
        String tool = sample.path("tool").asText();
        return sample.has("result")
                ? "tool:%s returned last: %s".formatted(tool, sample.get("result"))
                : "no recent result of tool:%s is known".formatted(tool);
    }
}
