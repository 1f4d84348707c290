package io.drover.datasource;

import io.drover.start.Bounds;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.ClassUtils;

/**
 * One database: {@code drover.datasources.<name>.*}.
 *
 * @param url               its JDBC URL; that of Drover's own database if it is {@code default} and has none
 * @param username          the user; of {@code default}, that of Drover's own database if it has none
 * @param password          the user's password; refer to a secret
 * @param driverClassName   the class of the driver, if the URL does not lead to it
 * @param maximumPoolSize   the maximum number of connections of this process
 * @param connectionTimeout how long a step waits for a connection
 * @param idleTimeout       a connection is closed after it was unused for this long
 * @param maxLifetime       a connection is closed when it is this old
 * @param readOnly          whether statements may only read
 * @param properties        the driver's own properties, by name
 */
record DataSourceSettings(
        @Nullable String url,
        @Nullable String username,
        @Nullable String password,
        @Nullable String driverClassName,
        @DefaultValue("10") int maximumPoolSize,
        @DefaultValue("2s") Duration connectionTimeout,
        @DefaultValue("10m") Duration idleTimeout,
        @DefaultValue("30m") Duration maxLifetime,
        @DefaultValue("false") boolean readOnly,
        @DefaultValue Map<String, String> properties) {

    static final DataSourceSettings OURS = new DataSourceSettings(
            null,
            null,
            null,
            null,
            10,
            Duration.ofSeconds(2),
            Duration.ofMinutes(10),
            Duration.ofMinutes(30),
            false,
            Map.of());

    /** @param mayHaveNoUrl whether it is Drover's own database where it has no URL */
    void check(String property, boolean mayHaveNoUrl) {
        Bounds.of(1, 1000, 10).check(property + ".maximum-pool-size", maximumPoolSize);
        Bounds.ofTime("250ms", "1m", "2s").check(property + ".connection-timeout", connectionTimeout);
        Bounds.ofTime("10s", "1d", "10m").check(property + ".idle-timeout", idleTimeout);
        Bounds.ofTime("30s", "1d", "30m").check(property + ".max-lifetime", maxLifetime);
        if (username == null && password != null) { // which would not be used
            throw new IllegalArgumentException("%s.password needs %s.username".formatted(property, property));
        }
        if (url == null && mayHaveNoUrl) {
            checkOwnDatabase(property);
        } else if (url == null || !url.startsWith("jdbc:")) { // not shown: it may hold a password
            throw new IllegalArgumentException(
                    "%s.url must be a JDBC URL, as in jdbc:postgresql://host:5432/orders".formatted(property));
        } else {
            checkDriver(property, url);
        }
    }

    private void checkOwnDatabase(String property) {
        if (driverClassName != null) {
            throw new IllegalArgumentException(
                    "%s.driver-class-name (%s) needs %s.url, as in jdbc:postgresql://host:5432/orders"
                            .formatted(property, driverClassName, property));
        }
    }

    private void checkDriver(String property, String url) {
        boolean takes;
        try {
            takes = driverClassName == null ? DriverManager.getDriver(url) != null : driver().acceptsURL(url);
        } catch (SQLException e) {
            takes = false;
        } catch (ReflectiveOperationException | ClassCastException e) {
            throw new IllegalArgumentException(
                    "%s.driver-class-name (%s) is no JDBC driver on the class path; add the driver's jar"
                            .formatted(property, driverClassName));
        }
        if (!takes) { // the rest of the URL may hold a password
            throw new IllegalArgumentException(
                    "%s.url: no JDBC driver on the class path takes jdbc:%s; add the driver's jar, or name its class in %s.driver-class-name"
                            .formatted(property, url.split(":", 3)[1], property));
        }
    }

    private Driver driver() throws ReflectiveOperationException {
        return (Driver) ClassUtils.forName(String.valueOf(driverClassName), null)
                .getDeclaredConstructor()
                .newInstance();
    }

    /** Leaves out what may be secret. */
    @Override
    public String toString() {
        return "DataSourceSettings[maximumPoolSize=%d]".formatted(maximumPoolSize);
    }
}
