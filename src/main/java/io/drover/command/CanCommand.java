package io.drover.command;

import io.drover.command.Api.Answer;
import io.drover.command.Api.RefusedException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Explains who may do what. */
@Command(
        name = "can",
        mixinStandardHelpOptions = true,
        description = {
            "Says whether somebody may do something with the tasks of a workflow, and why.",
            "The exit code is 0 for yes and 1 for no."
        })
final class CanCommand extends RemoteCommand {

    @Parameters(
            index = "0",
            paramLabel = "<verb>",
            description = "submit, see, read, cancel, retry, resolve, approve or execute.")
    private String verb;

    @Parameters(index = "1", paramLabel = "<workflow>", description = "The workflow.")
    private String workflow;

    @Option(names = "--as", paramLabel = "<who>", description = "A user, or key:<name>. Defaults to the one who asks.")
    private @Nullable String as;

    @Override
    int run(Api api) throws RefusedException {
        Map<String, Object> question = new HashMap<>();
        question.put("verb", verb);
        question.put("workflow", workflow);
        question.put("as", as);
        Answer answer = api.get("/api/can", question);
        boolean allowed = answer.json().path("allowed").asBoolean();
        show(
                answer,
                () -> say((allowed ? "yes: " : "no: ")
                        + answer.json().path("reason").asText()));
        return allowed ? 0 : 1;
    }
}
