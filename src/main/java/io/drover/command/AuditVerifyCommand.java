package io.drover.command;

import io.drover.audit.AuditVerifier;
import io.drover.audit.ProofVerifier;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks an export of the audit log, or a proof. It needs no database and no running instance. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Checks an export of the audit log: nothing of it was changed, removed, cut off or rewritten.",
            "Checks a proof of `audit prove` as well: the lines that it shows are in the log.",
            "The exit code is 0 if so, 1 if not, and 2 for a wrong command line."
        })
final class AuditVerifyCommand implements Callable<Integer> {

    private static final int LONGEST_NOTE = 100_000;
    private static final String PROOF = "{\"type\":\"proof\"";

    @Parameters(index = "0", paramLabel = "<file>", description = "What `audit export` or `audit prove` has written.")
    private Path file;

    @Option(
            names = "--key",
            paramLabel = "<key>",
            description =
                    "Checks signatures: the key as the log of a process that signs has it, name+id+base64; repeated"
                            + " after an exchange of keys.")
    private List<String> keys = new ArrayList<>();

    @Option(
            names = "--checkpoint",
            paramLabel = "<file>",
            description = "A checkpoint from elsewhere (the log of a process, the topic), with which the export must"
                    + " agree; can be repeated.")
    private List<Path> checkpoints = new ArrayList<>();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        List<String> notes = checkpoints.stream().map(note -> note(note, spec)).toList();
        PrintWriter out = spec.commandLine().getOut();
        boolean right;
        try (BufferedReader in = Files.newBufferedReader(file)) {
            right = isProof(in) ? proof(in, notes, out) : export(in, notes, out);
        } catch (IOException e) {
            spec.commandLine().getErr().println("%s cannot be read: %s".formatted(file, e));
            return 1;
        }
        if (keys.isEmpty()) {
            out.println("signatures are not checked: without --key anybody may have made the checkpoints");
        }
        out.flush();
        return right ? 0 : 1;
    }

    private static boolean isProof(BufferedReader in) throws IOException {
        char[] start = new char[PROOF.length()];
        in.mark(start.length);
        int read = in.read(start);
        in.reset();
        return read > 0 && PROOF.equals(new String(start, 0, read));
    }

    private boolean export(BufferedReader in, List<String> notes, PrintWriter out) throws IOException {
        AuditVerifier.Report report = with(() -> new AuditVerifier(keys, notes)).verify(in);
        report.problems().forEach(problem -> out.println(Table.printable(problem)));
        out.println("%d rows (%d under no checkpoint yet), %d checkpoints, a tree of %d leaves: %s"
                .formatted(
                        report.rows(),
                        report.unsealed(),
                        report.checkpoints(),
                        report.size(),
                        report.problems().isEmpty() ? "nothing was changed" : "NOT as it was"));
        report.pruned().forEach(line -> out.println("removed by `audit prune`: " + Table.printable(line)));
        if (report.since() > 0) {
            out.println(
                    "not checked: the rows under the checkpoint of size %d, and their decisions, are not in this export"
                            .formatted(report.since()));
        }
        return report.problems().isEmpty();
    }

    private boolean proof(BufferedReader in, List<String> notes, PrintWriter out) throws IOException {
        ProofVerifier.Report report = with(() -> new ProofVerifier(keys, notes)).verify(in);
        report.lines().forEach(line -> out.println(Table.printable(line)));
        report.problems().forEach(problem -> out.println(Table.printable(problem)));
        out.println("%d lines about %s under the checkpoint of size %d: %s"
                .formatted(
                        report.lines().size(),
                        Table.printable(report.of()),
                        report.size(),
                        report.problems().isEmpty() ? "proved" : "NOT proved"));
        out.println("a proof says that these lines are in the log; it does not say that there are no others");
        return report.problems().isEmpty();
    }

    private <V> V with(Supplier<V> verifier) {
        try {
            return verifier.get();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--key or --checkpoint: " + e.getMessage(), e);
        }
    }

    /** Reads a checkpoint. */
    static String note(Path file, CommandSpec spec) {
        try {
            if (Files.size(file) > LONGEST_NOTE) {
                throw new ParameterException(
                        spec.commandLine(), "--checkpoint (%s) is longer than a checkpoint".formatted(file));
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new ParameterException(
                    spec.commandLine(), "--checkpoint (%s) cannot be read: %s".formatted(file, e), e);
        }
    }
}
