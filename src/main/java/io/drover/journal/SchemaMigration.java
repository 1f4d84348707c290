package io.drover.journal;

import io.drover.start.RefusedToStartException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.flyway.FlywayMigrationStrategy;
import org.springframework.stereotype.Component;

/**
 * Brings the schema to this version's at the start; or, where another process does that as the owner of the tables
 * ({@code drover.migrate=false}), waits until it is there. Each migration waits a few seconds for a lock
 * ({@code beforeEachMigrate.sql}), so that what works is not queued behind it for longer, and is tried again.
 */
@Component
public class SchemaMigration implements FlywayMigrationStrategy {

    private static final Logger LOG = LoggerFactory.getLogger(SchemaMigration.class);
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final Set<MigrationState> MISSING = Set.of(MigrationState.PENDING, MigrationState.FAILED);

    private final boolean migrates;
    private final Duration patience;
    private final Duration pause;

    @Autowired
    SchemaMigration(@Value("${drover.migrate:true}") boolean migrates) {
        this(migrates, Duration.ofSeconds(100), Duration.ofSeconds(2));
    }

    /** @param patience how long to try again, or to wait for the other process */
    SchemaMigration(boolean migrates, Duration patience, Duration pause) {
        this.migrates = migrates;
        this.patience = patience;
        this.pause = pause;
    }

    @Override
    public void migrate(Flyway flyway) {
        long end = System.nanoTime() + patience.toNanos();
        if (migrates) {
            migrate(flyway, end);
        } else {
            await(flyway, end);
        }
    }

    private void migrate(Flyway flyway, long end) {
        while (true) {
            try {
                CutOffBuilds.forgottenBy(flyway).migrate();
                return;
            } catch (FlywayException e) {
                if (!isLocked(e)) {
                    throw e;
                }
                if (System.nanoTime() > end) {
                    throw new RefusedToStartException(
                            "the schema cannot be migrated to version %s: others have locked a table for %d seconds; "
                                            .formatted(newest(flyway), patience.toSeconds())
                                    + "end the long transactions that pg_stat_activity shows, and start again",
                            e);
                }
                LOG.info("A migration waits: others have locked a table. It is tried again.");
                sleep();
            }
        }
    }

    private void await(Flyway flyway, long end) {
        String missing = missing(flyway);
        if (missing != null) {
            LOG.info(
                    "The schema is not there yet (missing: {}); drover.migrate is false, so this process waits.",
                    missing);
        }
        while (missing != null) {
            if (System.nanoTime() > end) {
                throw new RefusedToStartException(
                        "the schema is older than this version: migrations %s are missing, and drover.migrate is false; "
                                        .formatted(missing)
                                + "run `drover migrate` as the owner of the tables, or start with --drover.migrate=true");
            }
            sleep();
            missing = missing(flyway);
        }
    }

    private static @Nullable String missing(Flyway flyway) {
        String missing = Arrays.stream(flyway.info().all())
                .filter(migration -> MISSING.contains(migration.getState()))
                .map(migration -> "V" + migration.getVersion())
                .collect(Collectors.joining(", "));
        return missing.isEmpty() ? null : missing;
    }

    private static String newest(Flyway flyway) {
        MigrationInfo[] all = flyway.info().all();
        return all.length == 0 ? "?" : String.valueOf(all[all.length - 1].getVersion());
    }

    private static boolean isLocked(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof SQLException sql && LOCK_NOT_AVAILABLE.equals(sql.getSQLState())) {
                return true;
            }
        }
        return false;
    }

    private void sleep() {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
