package io.drover.datasource;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/** All databases that routes use. A pool connects when a connection is asked for, so that an unused one costs nothing. */
@Component
public class ToolDataSources implements DisposableBean {

    private final Map<String, ToolDataSource> byName = new LinkedHashMap<>();

    ToolDataSources(DataSourceProperties properties, DataSource engine, Borrowers borrowers) {
        Map<String, DataSourceSettings> settings = properties.datasources();
        add(
                DataSourceProperties.DEFAULT,
                settings.getOrDefault(DataSourceProperties.DEFAULT, DataSourceSettings.OURS),
                engine,
                borrowers);
        for (String name : new TreeSet<>(settings.keySet())) {
            if (!name.equals(DataSourceProperties.DEFAULT)) {
                add(name, Objects.requireNonNull(settings.get(name)), engine, borrowers);
            }
        }
    }

    private void add(String name, DataSourceSettings settings, DataSource engine, Borrowers borrowers) {
        HikariDataSource pool = new HikariDataSource();
        pool.setPoolName(name);
        pool.setMaximumPoolSize(settings.maximumPoolSize());
        pool.setMinimumIdle(0);
        pool.setConnectionTimeout(settings.connectionTimeout().toMillis());
        pool.setValidationTimeout(settings.connectionTimeout().toMillis());
        pool.setIdleTimeout(settings.idleTimeout().toMillis());
        pool.setMaxLifetime(settings.maxLifetime().toMillis());
        pool.setInitializationFailTimeout(-1); // a database that is away stops nothing but the steps that use it
        pool.setReadOnly(settings.readOnly());
        if (settings.url() == null) {
            copyLogin(engine, pool);
        } else {
            pool.setJdbcUrl(settings.url());
        }
        if (settings.driverClassName() != null) {
            pool.setDriverClassName(settings.driverClassName());
        }
        if (settings.username() != null) {
            pool.setUsername(settings.username());
            pool.setPassword(settings.password());
        }
        settings.properties().forEach(pool::addDataSourceProperty);
        byName.put(name, new ToolDataSource(name, pool, borrowers));
    }

    /** The same database as Drover's own tables, by connections of its own. */
    private static void copyLogin(DataSource engine, HikariDataSource pool) {
        HikariDataSource from = own(engine);
        pool.setJdbcUrl(from.getJdbcUrl());
        pool.setUsername(from.getUsername());
        pool.setPassword(from.getPassword());
        Properties driver = new Properties();
        driver.putAll(from.getDataSourceProperties());
        driver.put("ApplicationName", "drover-routes");
        pool.setDataSourceProperties(driver);
    }

    private static HikariDataSource own(DataSource engine) {
        try {
            return engine.unwrap(HikariDataSource.class);
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "Drover's own database has no Hikari pool; set drover.datasources.default.url for routes", e);
        }
    }

    /** The data source of steps that name none. */
    public ToolDataSource ofSteps() {
        return Objects.requireNonNull(byName.get(DataSourceProperties.DEFAULT));
    }

    /** All, the default first. */
    public Collection<ToolDataSource> all() {
        return byName.values();
    }

    @Override
    public void destroy() {
        byName.values().forEach(source -> source.pool().close());
    }
}
