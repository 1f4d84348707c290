package io.drover.command;

import io.drover.command.Api.Answer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Votes on calls that wait for an approval. */
abstract class VoteCommand extends RemoteCommand {

    @Parameters(arity = "1..*", paramLabel = "<id>", description = "The numbers of the approvals.")
    private List<Long> ids;

    @Option(names = "--why", paramLabel = "<reason>", description = "Why; up to 500 characters.")
    private @Nullable String why;

    /** As the API writes it. */
    abstract String vote();

    @Override
    int run(Api api) {
        Map<String, String> body = new HashMap<>();
        body.put("vote", vote());
        body.put("reason", why);
        return Decisions.each(ids, this, id -> {
            Answer answer = api.post("/api/approvals/%d/vote".formatted(id), body);
            show(
                    answer,
                    () -> say("approval %d is %s"
                            .formatted(id, answer.json().path("state").asText())));
        });
    }

    /** Votes yes. */
    @Command(
            name = "approve",
            mixinStandardHelpOptions = true,
            description = "Approves calls; `approvals` lists them. Needs the role approver.")
    static final class Approve extends VoteCommand {

        @Override
        String vote() {
            return "approve";
        }
    }

    /** Votes no. */
    @Command(
            name = "reject",
            mixinStandardHelpOptions = true,
            description = "Rejects calls; `approvals` lists them. Needs the role approver.")
    static final class Reject extends VoteCommand {

        @Override
        String vote() {
            return "reject";
        }
    }
}
