package io.drover.command;

import io.drover.command.Api.Answer;
import io.drover.command.Api.RefusedException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Stops something for the whole fleet. */
@Command(
        name = "hold",
        mixinStandardHelpOptions = true,
        description = {
            "Stops a tool, a workflow, a model, an agent, a user or everything, for the whole fleet.",
            "What is held waits; nothing fails, and no attempt is spent. `release` lets it go on."
        })
final class HoldCommand extends RemoteCommand {

    @Parameters(index = "0", paramLabel = "<kind>", description = "tool, workflow, model, agent, user or all.")
    private String kind;

    @Parameters(index = "1", arity = "0..1", paramLabel = "<name>", description = "What is held; nothing for all.")
    private @Nullable String name;

    @Option(names = "--why", required = true, description = "Why; everybody who meets the hold reads it.")
    private String why;

    @Option(
            names = "--for",
            paramLabel = "<time>",
            description = "How long, as in 2h. Defaults to no end: it has to be released.")
    private @Nullable Duration lasting;

    @Override
    int run(Api api) throws RefusedException {
        Map<String, Object> hold = new HashMap<>();
        hold.put("kind", kind);
        hold.put("name", name);
        hold.put("reason", why);
        hold.put("for", lasting == null ? null : lasting.toString());
        Answer answer = api.post("/api/holds", hold);
        show(
                answer,
                () -> say("hold %s on %s is in force"
                        .formatted(answer.json().path("id").asText(), name == null ? kind : kind + ":" + name)));
        if (answer.json().has("known") && !answer.json().path("known").asBoolean()) {
            complain("warning: no %s '%s' is loaded; is the name right?".formatted(kind, name));
        }
        return 0;
    }
}
