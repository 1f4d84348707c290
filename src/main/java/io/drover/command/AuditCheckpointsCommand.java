package io.drover.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drover.audit.AuditVerifier;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints checkpoints of an export. */
@Command(
        name = "checkpoints",
        mixinStandardHelpOptions = true,
        description = "Prints the last checkpoint of an export, as `audit verify --checkpoint` takes it.")
final class AuditCheckpointsCommand implements Callable<Integer> {

    private static final String CHECKPOINT = "{\"type\":\"checkpoint\"";

    @Parameters(index = "0", paramLabel = "<file>", description = "What `audit export` has written.")
    private Path file;

    @Option(names = "--all", description = "Print the time and the size of all of them instead.")
    private boolean all;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        String last = null;
        try (BufferedReader export = Files.newBufferedReader(file)) {
            ObjectMapper json = new ObjectMapper();
            for (String line = AuditVerifier.next(export); line != null; line = AuditVerifier.next(export)) {
                if (line.startsWith(CHECKPOINT)) {
                    JsonNode checkpoint = json.readTree(line);
                    last = checkpoint.path("note").asText();
                    if (all) {
                        out.println(Table.printable("%s %d"
                                .formatted(
                                        checkpoint.path("at").asText(),
                                        checkpoint.path("size").asLong())));
                    }
                }
            }
        } catch (IOException e) {
            spec.commandLine().getErr().println("%s cannot be read: %s".formatted(file, e));
            return 1;
        }
        if (last == null) {
            spec.commandLine().getErr().println("%s has no checkpoint".formatted(file));
            return 1;
        }
        if (!all) {
            out.print(last);
        }
        out.flush();
        return 0;
    }
}
