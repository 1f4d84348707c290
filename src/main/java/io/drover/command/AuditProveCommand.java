package io.drover.command;

import io.drover.audit.AuditProver;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes the proof of what happened to one task, or of one decision, out of an export. */
@Command(
        name = "prove",
        mixinStandardHelpOptions = true,
        description = {
            "Prints what proves that the lines about a task or a decision are in the log, for `audit verify`.",
            "A check needs neither the export nor the database, but the public key."
        })
final class AuditProveCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "<file>", description = "What `audit export` has written.")
    private Path file;

    @Parameters(
            index = "1",
            paramLabel = "<task or decision>",
            description = "The id of a task, or the number of a decision.")
    private String subject;

    @Option(
            names = "--checkpoint",
            paramLabel = "<file>",
            description =
                    "A checkpoint from elsewhere, to which the proof shall lead. Defaults to the last of the export.")
    private @Nullable Path checkpoint;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        AuditProver prover = prover();
        AuditProver.Proved proved;
        try (BufferedReader export = Files.newBufferedReader(file)) {
            proved = prover.prove(export, out);
        } catch (IOException e) {
            err.println("%s: %s".formatted(file, e.getMessage()));
            return 1;
        }
        out.flush();
        if (proved.unsealed() > 0) {
            err.println("%d rows about %s are not in the proof: they are under no checkpoint yet, or under a later one"
                    .formatted(proved.unsealed(), subject));
        }
        if (proved.rows() == 0) {
            err.println("%s has no rows about %s that are under this checkpoint".formatted(file, subject));
            return 1;
        }
        return 0;
    }

    private AuditProver prover() {
        String note = checkpoint == null ? null : AuditVerifyCommand.note(checkpoint, spec);
        try {
            return new AuditProver(subject, note);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
