package io.drover.command;

import io.drover.audit.AuditPruning;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Removes old rows of the audit log. */
@Command(
        name = "prune",
        mixinStandardHelpOptions = true,
        description = {
            "Removes old rows of the audit log, and their decisions, as the owner of the tables. Export and verify them first.",
            "Unknown options are Spring's, as in --spring.datasource.url=jdbc:postgresql://..."
        })
final class AuditPruneCommand extends LocalCommand {

    private static final Duration SHORTEST = Duration.ofDays(30);

    @Option(
            names = "--keep",
            required = true,
            paramLabel = "<time>",
            description = "Keeps what is under no checkpoint that is older than this, at least 30d, as in 400d.")
    private Duration keep;

    @Override
    public Integer call() {
        if (keep.compareTo(SHORTEST) < 0) {
            throw new ParameterException(
                    commandLine(),
                    "--keep (%s) must be at least 30d: decisions about tasks that still run count".formatted(keep));
        }
        try (ConfigurableApplicationContext context = DatabaseAlone.open(DatabaseAlone.class, properties())) {
            AuditPruning.Pruned pruned = new AuditPruning(context.getBean(DataSource.class)).olderThan(keep);
            System.out.println(
                    pruned.size() == 0
                            ? "nothing of the audit log is so old"
                            : "removed %d chains with %d rows and %d decisions, which ended under the checkpoint of size %d"
                                    .formatted(pruned.chains(), pruned.rows(), pruned.decisions(), pruned.size()));
            return 0;
        } catch (IllegalStateException | DataAccessException | TransactionException e) {
            System.err.println("the audit log cannot be pruned: " + e.getMessage());
            return 1;
        }
    }
}
