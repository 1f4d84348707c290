package io.drover.command;

import io.drover.journal.SchemaMigration;
import io.drover.start.RefusedToStartException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.flywaydb.core.Flyway;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.flyway.FlywayAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** Migrates the schema and ends: for a job that runs as the owner of the tables, which the processes that serve are not. */
@Command(
        name = "migrate",
        mixinStandardHelpOptions = true,
        description = {
            "Brings the database's schema to this version's, and ends.",
            "For set-ups whose processes run with --drover.migrate=false, as a user who may change no table."
        })
final class MigrateCommand implements Callable<Integer> {

    @Unmatched
    private List<String> properties = new ArrayList<>();

    @Spec
    private CommandSpec spec;

    /** Nothing but the database and its migrations. */
    @ImportAutoConfiguration({DataSourceAutoConfiguration.class, FlywayAutoConfiguration.class})
    @Import(SchemaMigration.class)
    static class Schema {}

    @Override
    public Integer call() {
        List<String> args = new ArrayList<>(SpringProperties.checked(properties, spec.commandLine()));
        args.add("--drover.migrate=true");
        args.add("--spring.jmx.enabled=false");
        SpringApplication application = new SpringApplication(Schema.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        try (ConfigurableApplicationContext context = application.run(args.toArray(String[]::new))) {
            System.out.println("The schema has version "
                    + context.getBean(Flyway.class).info().current().getVersion());
            return 0;
        } catch (RefusedToStartException e) { // which the log has told
            return 1;
        }
    }
}
