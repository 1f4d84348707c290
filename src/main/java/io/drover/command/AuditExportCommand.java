package io.drover.command;

import io.drover.audit.AuditExport;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes the audit log into a file, from the database. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = {
            "Writes the audit log into a file, for `audit verify`. Reads the database itself.",
            "Unknown options are Spring's, as in --spring.datasource.url=jdbc:postgresql://..."
        })
final class AuditExportCommand extends LocalCommand {

    @Parameters(index = "0", paramLabel = "<file>", description = "The file; one that exists is overwritten.")
    private Path file;

    @Option(
            names = "--since",
            paramLabel = "<time>",
            description = "Leaves out the rows that were under a checkpoint before this time.")
    private @Nullable Instant since;

    @Override
    public Integer call() {
        try (ConfigurableApplicationContext context = DatabaseAlone.open(DatabaseAlone.class, properties());
                BufferedWriter out = Files.newBufferedWriter(file)) {
            long lines = new AuditExport(context.getBean(DataSource.class)).write(out, since);
            System.out.println("%s has %d lines".formatted(file, lines));
            return 0;
        } catch (IOException | DataAccessException | TransactionException e) {
            System.err.println("the audit log cannot be exported to %s: %s".formatted(file, e));
            return 1;
        }
    }
}
