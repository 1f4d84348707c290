package io.drover.journal;

import io.drover.hold.HoldsInForce;
import io.drover.start.Periodic;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** Listens for submissions and holds of other processes ({@code LISTEN}), while the worker of this process runs. */
@Component
public class Notifications {

    private static final Logger LOG = LoggerFactory.getLogger(Notifications.class);
    private static final int WAIT_MS = 500;

    private final DataSource dataSource;
    private final Wakeups wakeups;
    private final Fleet fleet;
    private final HoldsInForce holds;
    private final Periodic thread = new Periodic("listen", Duration.ofSeconds(1), this::run);
    private volatile boolean listening;

    Notifications(DataSource dataSource, Wakeups wakeups, Fleet fleet, HoldsInForce holds) {
        this.dataSource = dataSource;
        this.wakeups = wakeups;
        this.fleet = fleet;
        this.holds = holds;
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
        } catch (SQLException | DataAccessException e) {
            LOG.debug("cannot listen for submissions of other processes; polling continues: {}", e.getMessage());
        }
    }

    private void listen(Connection connection) throws SQLException {
        try (Statement listen = connection.createStatement()) {
            listen.execute("listen " + Wakeups.CHANNEL);
            listen.execute("listen " + HoldsInForce.CHANNEL);
            PGConnection notified = connection.unwrap(PGConnection.class);
            while (listening) {
                thread.alive();
                PGNotification[] heard = notified.getNotifications(WAIT_MS);
                if (heard != null) {
                    hear(Arrays.stream(heard).map(PGNotification::getName).collect(Collectors.toSet()));
                }
            }
            listen.execute("unlisten *");
        }
    }

    private void hear(Set<String> channels) {
        if (channels.contains(HoldsInForce.CHANNEL)) {
            holds.refresh();
        }
        if (channels.contains(Wakeups.CHANNEL) && fleet.isItsTurn()) { // the others poll soon enough
            wakeups.wake();
        }
    }
}
