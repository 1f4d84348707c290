package io.drover.journal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.Location;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.flywaydb.core.api.configuration.Configuration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a migration that builds an index concurrently be made again after it was cut off: its process was killed, or its
 * statement was cancelled.
 * No transaction takes back what it left: an index that no query uses but has its name, and perhaps a line in Flyway's
 * history that it failed.
 * With either, each later start would be refused.
 */
final class CutOffBuilds implements Callback {

    private static final Logger LOG = LoggerFactory.getLogger(CutOffBuilds.class);
    private static final Pattern BUILD = Pattern.compile(
            "^create (?:unique )?index concurrently (\\w+) ", Pattern.MULTILINE | Pattern.CASE_INSENSITIVE);

    private static final String EXISTS = "select to_regclass(?) is not null";

    /** The owner of the tables sends it, who migrates. */
    private static final String FORGET = "delete from flyway_schema_history where not success and script = any(?)";

    private CutOffBuilds() {}

    /** The same Flyway, which makes such migrations again. */
    static Flyway forgottenBy(Flyway flyway) {
        Configuration configuration = flyway.getConfiguration();
        forgetFailures(flyway);
        return Flyway.configure()
                .configuration(configuration)
                .callbacks(Stream.concat(Arrays.stream(configuration.getCallbacks()), Stream.of(new CutOffBuilds()))
                        .toArray(Callback[]::new))
                .load();
    }

    /** The process that wrote such a line has ended its migration; another one may have begun it again, and needs no line. */
    private static void forgetFailures(Flyway flyway) {
        Configuration configuration = flyway.getConfiguration();
        List<String> failed = Arrays.stream(flyway.info().all())
                .filter(migration -> migration.getState().isFailed())
                .map(MigrationInfo::getScript)
                .filter(script -> index(configuration, script) != null)
                .toList();
        if (failed.isEmpty()) {
            return;
        }
        try (Connection connection = configuration.getDataSource().getConnection();
                PreparedStatement delete = connection.prepareStatement(FORGET)) {
            delete.setArray(1, connection.createArrayOf("text", failed.toArray()));
            delete.executeUpdate();
            LOG.warn("The migrations {} were cut off, and are made again.", failed);
        } catch (SQLException e) {
            throw new FlywayException("the migrations %s that were cut off cannot be made again".formatted(failed), e);
        }
    }

    @Override
    public boolean supports(Event event, @Nullable Context context) {
        return event == Event.BEFORE_EACH_MIGRATE;
    }

    @Override
    public boolean canHandleInTransaction(Event event, Context context) {
        return false;
    }

    /** Under Flyway's lock: no other process of ours builds an index meanwhile. */
    @Override
    public void handle(Event event, Context context) {
        Configuration configuration = context.getConfiguration();
        String index = index(configuration, context.getMigrationInfo().getScript());
        if (index == null) {
            return;
        }
        try (Connection connection = configuration.getDataSource().getConnection()) {
            if (exists(connection, index)) {
                LOG.warn("The index {} was left by a migration that was cut off; it is built again.", index);
                drop(connection, index);
            }
        } catch (SQLException e) {
            throw new FlywayException(
                    "the index %s of a migration that was cut off cannot be removed".formatted(index), e);
        }
    }

    @Override
    public String getCallbackName() {
        return "cut-off-builds";
    }

    private static boolean exists(Connection connection, String index) throws SQLException {
        try (PreparedStatement exists = connection.prepareStatement(EXISTS)) {
            exists.setString(1, index);
            try (ResultSet row = exists.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /** If the server still builds it, for the process that was killed, this waits for a lock, and is tried again. */
    private static void drop(Connection connection, String index) throws SQLException {
        try (Statement drop = connection.createStatement()) {
            drop.execute("set lock_timeout = '3s'");
            try {
                drop.execute("drop index concurrently " + index);
            } finally {
                drop.execute("reset lock_timeout");
            }
        }
    }

    /** The index that a migration builds concurrently; null if it does anything else. */
    private static @Nullable String index(Configuration configuration, String script) {
        for (Location location : configuration.getLocations()) {
            try (InputStream sql =
                    configuration.getClassLoader().getResourceAsStream(location.getRootPath() + "/" + script)) {
                if (sql != null) {
                    Matcher build = BUILD.matcher(new String(sql.readAllBytes(), StandardCharsets.UTF_8));
                    return build.find() ? build.group(1) : null;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return null;
    }
}
