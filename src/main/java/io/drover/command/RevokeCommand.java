package io.drover.command;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Revokes approvals in advance. */
@Command(
        name = "revoke",
        mixinStandardHelpOptions = true,
        description = "Revokes standing grants; calls that have begun go on. `grants` lists them.")
final class RevokeCommand extends RemoteCommand {

    @Parameters(arity = "1..*", paramLabel = "<id>", description = "The numbers of the standing grants.")
    private List<Long> ids;

    @Override
    int run(Api api) {
        return Decisions.each(ids, this, id -> {
            show(api.delete("/api/standing-grants/" + id), () -> say("standing grant %d is revoked".formatted(id)));
        });
    }
}
