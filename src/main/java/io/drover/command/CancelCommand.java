package io.drover.command;

import io.drover.command.Api.RefusedException;
import java.util.List;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Cancels tasks. */
@Command(
        name = "cancel",
        mixinStandardHelpOptions = true,
        description = "Cancels tasks that are not completed. It does not undo their effects.")
final class CancelCommand extends RemoteCommand {

    @Parameters(arity = "1..*", paramLabel = "<id>", description = "The tasks' ids.")
    private List<UUID> ids;

    @Override
    int run(Api api) throws RefusedException {
        return Decisions.each(ids, "cancel", this, api);
    }
}
