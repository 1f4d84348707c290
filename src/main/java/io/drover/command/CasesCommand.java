package io.drover.command;

import io.drover.kit.Live;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command that runs cases of test files. */
abstract class CasesCommand extends RoutesCommand {

    @Option(names = "--case", paramLabel = "<text>", description = "Only the cases whose names hold this text.")
    private @Nullable String only;

    @Option(
            names = "--live-models",
            description =
                    "Ask the models themselves, as the configuration says; what the cases have them say is not used.")
    private boolean models;

    @Option(
            names = "--live-reads",
            description = "Run the steps of tools that only read; what the cases have them answer is not used.")
    private boolean reads;

    /** The text that the names must hold, or null. */
    final @Nullable String only() {
        return only;
    }

    /** Which cases are run, by their names. */
    final Predicate<String> which() {
        return name -> only == null || name.contains(only);
    }

    final Live live() {
        return new Live(models, reads);
    }
}
