package io.drover.local;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.boot.SpringApplication;
import org.springframework.test.util.ReflectionTestUtils;

/** A real PostgreSQL as a child of this process, bound to loopback. */
public final class EmbeddedPostgresServer implements AutoCloseable {

    private final EmbeddedPostgres server;

    private EmbeddedPostgresServer(EmbeddedPostgres server) {
        this.server = server;
    }

    /** Starts a server whose data go with it. It ends with the process, when all Spring contexts are closed. */
    public static EmbeddedPostgresServer temporary() {
        EmbeddedPostgresServer server = start(EmbeddedPostgres.builder()
                .setRegisterShutdownHook(false)
                .setServerConfig("fsync", "off")); // no test lets the machine lose its power
        SpringApplication.getShutdownHandlers().add(server::close);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (!springHasAHook()) {
                server.close();
            }
        }));
        return server;
    }

    /** In a process that runs no Spring application, Spring calls no handler, and the server would outlive the process. */
    private static boolean springHasAHook() {
        Object hook = ReflectionTestUtils.getField(SpringApplication.class, "shutdownHook");
        return hook != null
                && ReflectionTestUtils.getField(hook, "shutdownHookAdded") instanceof AtomicBoolean added
                && added.get();
    }

    /** Starts a server on data that are kept; they are made if they are not there. */
    static EmbeddedPostgresServer keptIn(Path directory) {
        stopOrphan(directory);
        Redirect log = Redirect.appendTo(new File(directory + ".log"));
        return start(EmbeddedPostgres.builder()
                .setDataDirectory(directory)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false) // the stand closes Drover first
                .setOutputRedirector(log)
                .setErrorRedirector(log));
    }

    private static EmbeddedPostgresServer start(EmbeddedPostgres.Builder builder) {
        try {
            return new EmbeddedPostgresServer(
                    builder.setServerConfig("max_connections", "500").start());
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL did not start: " + e.getMessage(), e);
        }
    }

    /** A stand that was killed leaves its PostgreSQL running on the data directory. */
    private static void stopOrphan(Path directory) {
        try {
            Path pidFile = directory.resolve("postmaster.pid");
            if (!Files.exists(pidFile)) {
                return;
            }
            long pid = Long.parseLong(Files.readAllLines(pidFile).get(0).strip());
            ProcessHandle orphan = ProcessHandle.of(pid).orElse(null);
            if (orphan != null && orphan.info().commandLine().orElse("").contains("/postgres -D " + directory)) {
                orphan.destroy();
                orphan.onExit().get(10, TimeUnit.SECONDS);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(
                    "another PostgreSQL holds %s and does not stop; stop it, or delete the directory"
                            .formatted(directory),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Makes a database with what another one holds, to which nothing is connected. */
    void copy(String from, String name, String owner) {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create database \"%s\" template \"%s\" owner \"%s\"".formatted(name, from, owner));
        } catch (SQLException e) {
            throw new IllegalStateException("database %s cannot be copied: %s".formatted(from, e.getMessage()), e);
        }
    }

    /** Makes a database unless it is there, and returns its JDBC URL, user included. */
    public String database(String name) {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            try (ResultSet found =
                    statement.executeQuery("select 1 from pg_database where datname = '%s'".formatted(name))) {
                if (found.next()) {
                    return server.getJdbcUrl("postgres", name);
                }
            }
            statement.execute("create database \"%s\"".formatted(name));
            return server.getJdbcUrl("postgres", name);
        } catch (SQLException e) {
            throw new IllegalStateException("database %s cannot be made: %s".formatted(name, e.getMessage()), e);
        }
    }

    String url(String database, String user) {
        return server.getJdbcUrl(user, database);
    }

    int port() {
        return server.getPort();
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
