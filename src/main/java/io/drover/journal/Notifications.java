package io.drover.journal;

import io.drover.start.Periodic;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Listens for submissions of other processes ({@code LISTEN}), while the worker of this process runs. */
@Component
public class Notifications {

    private static final Logger LOG = LoggerFactory.getLogger(Notifications.class);
    private static final int WAIT_MS = 500;

    private final DataSource dataSource;
    private final Wakeups wakeups;
    private final Fleet fleet;
    private final Periodic thread = new Periodic("listen", Duration.ofSeconds(1), this::run);
    private volatile boolean listening;

    Notifications(DataSource dataSource, Wakeups wakeups, Fleet fleet) {
        this.dataSource = dataSource;
        this.wakeups = wakeups;
        this.fleet = fleet;
    }

    /** Begins to listen, on a connection and a thread of its own. */
    public void start() {
        listening = true;
        thread.start(Duration.ZERO);
    }

    /** Stops listening within half a second. */
    public void stop() {
        listening = false;
        try {
            thread.end(Duration.ofMillis(2 * WAIT_MS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (Connection connection = dataSource.getConnection()) {
            listen(connection);
        } catch (SQLException e) {
            LOG.debug("cannot listen for submissions of other processes; polling continues: {}", e.getMessage());
        }
    }

    private void listen(Connection connection) throws SQLException {
        try (Statement listen = connection.createStatement()) {
            listen.execute("listen " + Wakeups.CHANNEL);
            PGConnection notified = connection.unwrap(PGConnection.class);
            while (listening) {
                thread.alive();
                if (notified.getNotifications(WAIT_MS) != null && fleet.isItsTurn()) { // the others poll soon enough
                    wakeups.wake();
                }
            }
            listen.execute("unlisten *");
        }
    }
}
