package io.drover.journal;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Hears what other processes submit ({@code LISTEN}), while the worker of this process runs. */
@Component
public class Notifications {

    private static final Logger LOG = LoggerFactory.getLogger(Notifications.class);
    private static final int WAIT_MS = 500;

    private final DataSource dataSource;
    private final Wakeups wakeups;
    private final Fleet fleet;
    private volatile boolean listening;

    Notifications(DataSource dataSource, Wakeups wakeups, Fleet fleet) {
        this.dataSource = dataSource;
        this.wakeups = wakeups;
        this.fleet = fleet;
    }

    /** Begins to listen, on a connection and a thread of its own. */
    public void start() {
        listening = true;
        Thread.ofPlatform().daemon().name("listen").start(this::run);
    }

    /** Stops listening within half a second. */
    public void stop() {
        listening = false;
    }

    private void run() {
        while (listening) {
            try (Connection connection = dataSource.getConnection()) {
                listen(connection);
            } catch (SQLException e) {
                LOG.debug("not listening for submissions of other processes; polling goes on: {}", e.getMessage());
                pause();
            } catch (RuntimeException | Error e) {
                LOG.error("listening for submissions of other processes failed, and begins again", e);
                pause();
            }
        }
    }

    private void listen(Connection connection) throws SQLException {
        try (Statement listen = connection.createStatement()) {
            listen.execute("listen " + Wakeups.CHANNEL);
            PGConnection notified = connection.unwrap(PGConnection.class);
            while (listening) {
                if (notified.getNotifications(WAIT_MS) != null && fleet.isItsTurn()) { // the others poll soon enough
                    wakeups.wake();
                }
            }
            listen.execute("unlisten *");
        }
    }

    private static void pause() {
        try {
            TimeUnit.SECONDS.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
