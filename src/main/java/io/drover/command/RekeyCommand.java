package io.drover.command;

import io.drover.encryption.Rekey;
import io.drover.start.RefusedToStartException;
import javax.sql.DataSource;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.dao.DataAccessException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Seals the payloads of the database with the newest key. */
@Command(
        name = "rekey",
        mixinStandardHelpOptions = true,
        description = {
            "Seals what is sealed with an older key, or not at all, with the primary key of drover.encryption.keyset.",
            "With --drover.encryption.seal=false it opens everything. Processes may run meanwhile; it may be stopped and started again.",
            "Unknown options are Spring's, as in --spring.datasource.url=jdbc:postgresql://..."
        })
final class RekeyCommand extends LocalCommand {

    @Option(names = "--dry-run", description = "Says how many values each key holds, and changes nothing.")
    private boolean dryRun;

    @Override
    public Integer call() {
        try (ConfigurableApplicationContext context = DatabaseAlone.open(DatabaseAlone.class, properties())) {
            Rekey.Report report = Rekey.of(context.getBean(DataSource.class), context.getEnvironment())
                    .run(dryRun);
            report.values()
                    .forEach((table, keys) -> keys.forEach((key, values) -> System.out.println("%-20s %-14s %d"
                            .formatted(table, key.equals("clear") ? "not sealed" : "key " + key, values))));
            System.out.println(
                    dryRun
                            ? "nothing was changed"
                            : "changed %d rows; %d changed meanwhile and are left to the next run"
                                    .formatted(report.changed(), report.left()));
            System.out.println(
                    report.unused().isEmpty()
                            ? "each key of the keyset is needed"
                            : "no value of these tables needs the keys %s; decisions in the audit log may"
                                    .formatted(String.join(", ", report.unused())));
            return report.left() == 0 ? 0 : 1;
        } catch (IllegalStateException | RefusedToStartException | DataAccessException e) {
            System.err.println("the database cannot be sealed again: " + e.getMessage());
            return 1;
        }
    }
}
