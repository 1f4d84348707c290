package io.drover.command;

import io.drover.command.Api.RefusedException;
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
        int exitCode = 0;
        for (Long id : ids) {
            try {
                api.delete("/api/standing-grants/" + id);
                say("standing grant %d is revoked".formatted(id));
            } catch (RefusedException e) {
                complain(id + ": " + e.getMessage());
                exitCode = 1;
            }
        }
        return exitCode;
    }
}
