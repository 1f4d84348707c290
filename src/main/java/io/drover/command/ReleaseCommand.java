package io.drover.command;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Releases holds. */
@Command(
        name = "release",
        mixinStandardHelpOptions = true,
        description = "Releases holds; what waits for them goes on, in order. `holds` lists them.")
final class ReleaseCommand extends RemoteCommand {

    @Parameters(arity = "1..*", paramLabel = "<id>", description = "The numbers of the holds.")
    private List<Long> ids;

    @Override
    int run(Api api) {
        return Decisions.each(ids, this, id -> {
            show(api.delete("/api/holds/" + id), () -> say("hold %d is released".formatted(id)));
        });
    }
}
