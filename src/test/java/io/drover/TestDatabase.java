package io.drover;

import io.drover.local.Servers;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.test.context.DynamicPropertyRegistry;

/** One real PostgreSQL for the JVM, with a fresh database for whoever asks. */
public final class TestDatabase {

    /** With the tables. Others are copied from it, which takes a tenth of the time of the migrations. */
    private static final class Migrated {

        static final String NAME = Servers.newDatabaseName();

        static {
            migrate(Servers.newDatabase(NAME));
        }
    }

    /** The same with two roles. */
    private static final class OfTwoRoles {

        static final String NAME = DatabaseRoles.newDatabase();

        static {
            migrate(Servers.database(NAME, DatabaseRoles.OWNER));
        }
    }

    private TestDatabase() {}

    /** Creates an empty database and returns its JDBC URL, user included. */
    public static String create() {
        return Servers.newDatabase();
    }

    /** Creates a database with the tables and returns its JDBC URL, user included. */
    public static String migrated() {
        return Servers.database(Servers.copy(Migrated.NAME, "postgres"), "postgres");
    }

    /**
     * Creates a database with the two roles of docs/upgrade.md, whose tables the owner has made.
     *
     * @return its JDBC URL for the role that processes work as
     */
    public static String ofTwoRoles() {
        return Servers.database(Servers.copy(OfTwoRoles.NAME, DatabaseRoles.OWNER), DatabaseRoles.RUNTIME);
    }

    /** Gives a process such a database, which it must not migrate. @return the URL of {@link #ofTwoRoles()} */
    public static String ofTwoRoles(DynamicPropertyRegistry registry) {
        String url = ofTwoRoles();
        registry.add("spring.datasource.url", () -> url);
        registry.add("drover.migrate", () -> "false");
        return url;
    }

    /** What a test itself does there, as the superuser, whatever the role of that URL may do. */
    public static JdbcClient directly(String url) {
        return JdbcClient.create(new DriverManagerDataSource(as("postgres", url)));
    }

    /** That database as another user. */
    public static String as(String user, String url) {
        return url.replaceFirst("user=\\w+", "user=" + user);
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

    /** The tables in which some row holds a text. */
    public static Set<String> tablesWith(JdbcClient jdbc, String mark) {
        return jdbc
                .sql(
                        "select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'")
                .query(String.class)
                .list()
                .stream()
                .filter(table ->
                        jdbc.sql("select count(*) from %s t where row_to_json(t)::text like ?".formatted(table))
                                        .param("%" + mark + "%")
                                        .query(Integer.class)
                                        .single()
                                > 0)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
