package io.drover.local;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A PostgreSQL that archives its log, and another that is restored from its files and that archive to a point in time. */
public final class RestoredPostgres implements AutoCloseable {

    private final Path directory;
    private final EmbeddedPostgres server;

    private RestoredPostgres(Path directory, EmbeddedPostgres server) {
        this.directory = directory;
        this.server = server;
    }

    /** Starts one whose log goes to a directory. */
    public static RestoredPostgres archiving(Path directory) throws IOException {
        Path archive = Files.createDirectories(directory.resolve("archive"));
        open(directory);
        open(archive);
        return new RestoredPostgres(
                directory,
                EmbeddedPostgres.builder()
                        .setRegisterShutdownHook(false)
                        .setDataDirectory(directory.resolve("data"))
                        .setCleanDataDirectory(false) // else it deletes them
                        .setServerConfig("archive_mode", "on")
                        .setServerConfig("archive_command", "'cp %%p %s/%%f'".formatted(archive))
                        .setServerConfig("max_connections", "100")
                        .start());
    }

    /** The server may work as a user of its own. */
    private static void open(Path path) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    /** The JDBC URL of a database, which is made unless it is there. */
    public String database(String name) {
        JdbcClient jdbc = jdbc();
        if (jdbc.sql("select from pg_database where datname = ?")
                .param(name)
                .query()
                .listOfRows()
                .isEmpty()) {
            jdbc.sql("create database " + name).update();
        }
        return server.getJdbcUrl("postgres", name);
    }

    public Instant now() {
        return jdbc().sql("select clock_timestamp()")
                .query(Timestamp.class)
                .single()
                .toInstant();
    }

    /** Copies the files while the server works, as a base backup does. */
    public void backUp() {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("select pg_start_backup('test', true, false)"); // pg_backup_start from version 15
            copy(directory.resolve("data"), directory.resolve("base"));
            try (var files = statement.executeQuery("select labelfile from pg_stop_backup(false)")) {
                files.next();
                Files.writeString(directory.resolve("base/backup_label"), files.getString(1));
            }
            Files.delete(directory.resolve("base/postmaster.pid"));
        } catch (SQLException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Starts another, with what was true at that instant. */
    public RestoredPostgres restoredTo(Instant instant) throws IOException {
        jdbc().sql("select pg_switch_wal()").query().listOfRows();
        server.close(); // which archives the rest
        Path base = directory.resolve("base");
        Files.createFile(base.resolve("recovery.signal"));
        Files.writeString(
                base.resolve("postgresql.auto.conf"),
                """
                restore_command = 'cp %s/archive/%%f %%p'
                recovery_target_time = '%s'
                recovery_target_action = 'promote'
                """
                        .formatted(directory, instant.toString().replace("Z", "+00"))); // it knows no Z so early
        own(base);
        RestoredPostgres restored = new RestoredPostgres(
                directory,
                EmbeddedPostgres.builder()
                        .setRegisterShutdownHook(false)
                        .setDataDirectory(base)
                        .setCleanDataDirectory(false)
                        .setServerConfig("max_connections", "100")
                        .start());
        org.awaitility.Awaitility.await().until(() -> restored.jdbc()
                .sql("select not pg_is_in_recovery()")
                .query(Boolean.class)
                .single());
        return restored;
    }

    /** As the files that they are copies of. */
    private void own(Path base) throws IOException {
        var owner = Files.getOwner(directory.resolve("data"));
        try (Stream<Path> files = Files.walk(base)) {
            for (Path file : files.toList()) {
                Files.setOwner(file, owner);
            }
        }
        Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwx------"));
    }

    private static void copy(Path from, Path to) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(from)) {
            files = all.toList();
        }
        for (Path file : files) {
            Path target = to.resolve(from.relativize(file).toString());
            if (Files.isDirectory(file)) {
                Files.createDirectories(target);
            } else if (!from.relativize(file).startsWith("pg_wal")) {
                Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private JdbcClient jdbc() {
        return JdbcClient.create(new DriverManagerDataSource(server.getJdbcUrl("postgres", "postgres")));
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
