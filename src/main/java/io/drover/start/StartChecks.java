package io.drover.start;

import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.stereotype.Component;

/**
 * Looks whether the jars that were added fit, and PostgreSQL, and Kafka where a route uses it, are named and answer, before anything else starts. Without
 * Kafka a process starts all the same: tasks come by HTTP, too, and the queue is PostgreSQL.
 */
@Component
class StartChecks implements BeanFactoryPostProcessor, EnvironmentAware {

    private static final Logger LOG = LoggerFactory.getLogger(StartChecks.class);
    private static final String URL = "spring.datasource.url";
    private static final String BROKERS = "camel.component.kafka.brokers";
    private static final int PATIENCE_SECONDS = 5;

    private Environment environment = new StandardEnvironment();

    @Override
    public void setEnvironment(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        if (beans.getBeanNamesForType(DataSource.class, false, false).length > 0) {
            checkAddedJars();
            checkDatabase();
            checkKafka();
        }
    }

    private static void checkAddedJars() {
        List<String> problems = AddedJars.problems();
        if (!problems.isEmpty()) {
            throw new RefusedToStartException(String.join("; ", problems));
        }
        List<Path> jars = AddedJars.all();
        if (!jars.isEmpty()) {
            LOG.info(
                    "{} jars of {} are on the class path: {}",
                    jars.size(),
                    jars.getFirst().getParent(),
                    jars.stream().map(jar -> jar.getFileName().toString()).collect(Collectors.joining(", ")));
        }
    }

    private void checkDatabase() {
        String url = environment.getProperty(URL, "");
        if (url.isBlank()) {
            throw new RefusedToStartException(
                    "%s is not set; it must name the PostgreSQL database, as in jdbc:postgresql://host:5432/drover"
                            .formatted(URL));
        }
        Properties login = new Properties();
        login.setProperty("loginTimeout", Integer.toString(PATIENCE_SECONDS));
        login.setProperty("connectTimeout", Integer.toString(PATIENCE_SECONDS));
        put(login, "user", "spring.datasource.username");
        put(login, "password", "spring.datasource.password");
        try (Connection connection = DriverManager.getConnection(url, login)) {
            connection.isValid(PATIENCE_SECONDS);
        } catch (SQLException e) {
            throw new RefusedToStartException(
                    "the database at %s (%s) cannot be used: %s".formatted(URL, withoutParameters(url), e.getMessage()),
                    e);
        }
    }

    private void put(Properties login, String name, String property) {
        String value = environment.getProperty(property);
        if (value != null) {
            login.setProperty(name, value);
        }
    }

    private void checkKafka() {
        String directory = environment.getProperty("drover.routes.directory", "routes");
        String file = KafkaUse.firstFile(directory);
        if (file == null) {
            return;
        }
        String brokers = environment.getProperty(BROKERS, "");
        if (brokers.isBlank()) {
            throw new RefusedToStartException(
                    "%s is not set, but %s uses kafka; it must name the brokers, as in host1:9092,host2:9092"
                            .formatted(BROKERS, file));
        }
        List<String> addresses = List.of(brokers.strip().split("\\s*,\\s*"));
        if (addresses.stream().noneMatch(address -> Reachable.accepts(address, PATIENCE_SECONDS * 1000))) {
            LOG.warn(
                    "no broker of {} ({}) accepts a connection, but {} uses kafka; its triggers begin when one does",
                    BROKERS,
                    brokers,
                    file);
        }
    }

    /** Parameters may hold a password. */
    private static String withoutParameters(String url) {
        int question = url.indexOf('?');
        String place = question < 0 ? url : url.substring(0, question);
        try {
            String userInfo = URI.create(place.replaceFirst("^jdbc:", "")).getUserInfo();
            return userInfo == null ? place : place.replace(userInfo + "@", "");
        } catch (IllegalArgumentException e) {
            return place;
        }
    }
}
