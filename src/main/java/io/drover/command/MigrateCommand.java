package io.drover.command;

import io.drover.journal.SchemaMigration;
import io.drover.start.RefusedToStartException;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.flyway.FlywayAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import picocli.CommandLine.Command;

/** Migrates the schema and ends: for a job that runs as the owner of the tables, which the processes that serve are not. */
@Command(
        name = "migrate",
        mixinStandardHelpOptions = true,
        description = {
            "Brings the database's schema to this version's, and ends.",
            "For set-ups whose processes run with --drover.migrate=false, as a user who may change no table."
        })
final class MigrateCommand extends LocalCommand {

    /** Nothing but the database and its migrations. */
    @ImportAutoConfiguration({DataSourceAutoConfiguration.class, FlywayAutoConfiguration.class})
    @Import(SchemaMigration.class)
    static class Schema {}

    @Override
    public Integer call() {
        List<String> properties = new ArrayList<>(properties());
        properties.add("--drover.migrate=true");
        try (ConfigurableApplicationContext context = DatabaseAlone.open(Schema.class, properties)) {
            System.out.println("The schema has version "
                    + context.getBean(Flyway.class).info().current().getVersion());
            return 0;
        } catch (RefusedToStartException e) { // which the log has told
            return 1;
        }
    }
}
