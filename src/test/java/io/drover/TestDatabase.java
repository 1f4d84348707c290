package io.drover;

import io.drover.local.Servers;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** One real PostgreSQL for the JVM, with a fresh database for whoever asks. */
public final class TestDatabase {

    private TestDatabase() {}

    /** Creates an empty database and returns its JDBC URL, user included. */
    public static String create() {
        return Servers.newDatabase();
    }

    /** Makes the tables, as a process would. */
    public static void migrate(String url) {
        migrate(new DriverManagerDataSource(url));
    }

    /** Makes the tables, as a process would. */
    public static void migrate(DataSource dataSource) {
        FluentConfiguration configuration = Flyway.configure().dataSource(dataSource);
        configuration.configuration(Map.of("flyway.postgresql.transactional.lock", "false")); // as in application.yaml
        configuration.load().migrate();
    }
}
