package io.drover;

import io.drover.local.Servers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The roles of docs/upgrade.md, made by the statements that stand there. */
public final class DatabaseRoles {

    public static final String OWNER = "drover_owner";
    public static final String RUNTIME = "drover_app";

    private static final Path PAGE = Path.of("docs/upgrade.md");
    private static final Pattern SQL = Pattern.compile("(?ms)^```sql\n(.*?)^```");
    private static final String SUPERUSER = "postgres";

    private DatabaseRoles() {}

    /** Creates a database as the page says for a new one. @return its name */
    static synchronized String newDatabase() {
        String name = Servers.newDatabaseName();
        onTheServer(statements(parts(name)[0]));
        run(name, parts(name)[1]);
        return name;
    }

    /** Creates a database as the page says for a new one. @return its JDBC URL for one of the roles */
    public static String newUrl(String role) {
        return Servers.database(newDatabase(), role);
    }

    /** Makes a user who has made the tables their owner, as the page says for tables that exist already. */
    public static void adopt(String database, String owner) {
        onTheServer(statements(parts(database)[0]).filter(statement -> statement.startsWith("create role ")));
        run(database, parts(database)[1].replace(OWNER, owner));
        run(database, block(1, database));
    }

    /** For the server, and for the database. */
    private static String[] parts(String database) {
        String[] parts = block(0, database).split("(?m)^\\\\c " + database + "$");
        if (parts.length != 2) {
            throw new IllegalStateException("%s: its first block of SQL must hold one \\c drover".formatted(PAGE));
        }
        return parts;
    }

    private static void onTheServer(Stream<String> statements) {
        JdbcClient server = client(SUPERUSER);
        statements.filter(statement -> !isThere(server, statement)).forEach(statement -> server.sql(statement)
                .update());
    }

    private static void run(String database, String block) {
        JdbcClient client = client(database);
        statements(block).forEach(statement -> client.sql(statement).update());
    }

    /** The roles are the server's, and other tests have made them. */
    private static boolean isThere(JdbcClient server, String statement) {
        return statement.startsWith("create role ")
                && server.sql("select exists (select from pg_roles where rolname = ?)")
                        .param(statement.split(" ")[2])
                        .query(Boolean.class)
                        .single();
    }

    private static JdbcClient client(String database) {
        return JdbcClient.create(new DriverManagerDataSource(Servers.database(database, SUPERUSER)));
    }

    private static String block(int n, String database) {
        try {
            List<String> blocks = SQL.matcher(Files.readString(PAGE))
                    .results()
                    .map((MatchResult block) -> block.group(1))
                    .toList();
            return blocks.get(n).replaceAll("--.*", "").replaceAll("\\bdrover\\b", database);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> statements(String block) {
        return Stream.of(block.split(";")).map(String::strip).filter(statement -> !statement.isEmpty());
    }
}
