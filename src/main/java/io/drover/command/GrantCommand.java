package io.drover.command;

import io.drover.command.Api.Answer;
import io.drover.command.Api.RefusedException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Approves calls in advance. */
@Command(
        name = "grant",
        mixinStandardHelpOptions = true,
        description = {
            "Approves calls of a tool in advance, up to a number, a sum and a time. Needs the role approver.",
            "Calls of tasks that the same user submitted are still asked about, and so are all when the tool is edited."
        })
final class GrantCommand extends RemoteCommand {

    @Parameters(index = "0", paramLabel = "<tool>", description = "The tool.")
    private String tool;

    @Option(
            names = "--when",
            paramLabel = "<condition>",
            description =
                    "A condition over the arguments, as in '$${variable.amount} <= 200'. Defaults to none: all calls.")
    private @Nullable String when;

    @Option(names = "--calls", required = true, paramLabel = "<n>", description = "At most this many calls.")
    private int calls;

    @Option(
            names = "--sum-of",
            paramLabel = "<argument>",
            description = "A number among the arguments, to be added up.")
    private @Nullable String sumOf;

    @Option(names = "--sum", paramLabel = "<number>", description = "The most that it may add up to.")
    private @Nullable BigDecimal sum;

    @Option(names = "--for", required = true, paramLabel = "<time>", description = "How long, as in 8h.")
    private Duration lasting;

    @Option(names = "--why", required = true, description = "Why; up to 500 characters.")
    private String why;

    @Override
    int run(Api api) throws RefusedException {
        Map<String, Object> grant = new HashMap<>();
        grant.put("tool", tool);
        grant.put("when", when);
        grant.put("calls", calls);
        grant.put("sumOf", sumOf);
        grant.put("sum", sum);
        grant.put("for", lasting.toString());
        grant.put("reason", why);
        Answer answer = api.post("/api/standing-grants", grant);
        show(
                answer,
                () -> say("standing grant %s is in force"
                        .formatted(answer.json().path("id").asText())));
        return 0;
    }
}
