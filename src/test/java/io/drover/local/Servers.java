package io.drover.local;

import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.SpringApplication;

/** One PostgreSQL and one Kafka for all tests of a JVM, started when the first one asks. */
public final class Servers {

    private static final AtomicInteger NAMES = new AtomicInteger();

    private Servers() {}

    private static final class Postgres {
        static final EmbeddedPostgresServer SERVER = EmbeddedPostgresServer.temporary();
    }

    private static final class Kafka {
        static final EmbeddedKafkaServer SERVER = start();

        private static EmbeddedKafkaServer start() {
            EmbeddedKafkaServer server = EmbeddedKafkaServer.temporary();
            SpringApplication.getShutdownHandlers().add(server::close); // when all Spring contexts are closed
            return server;
        }
    }

    /** The JDBC URL of a new, empty database. */
    public static String newDatabase() {
        return newDatabase(newDatabaseName());
    }

    /** The same with this name. */
    public static String newDatabase(String name) {
        return Postgres.SERVER.database(name);
    }

    /** Makes a database with what another one holds, to which nothing is connected. @return its name */
    public static String copy(String database, String owner) {
        String name = newDatabaseName();
        Postgres.SERVER.copy(database, name, owner);
        return name;
    }

    /** A name that no database has. */
    public static String newDatabaseName() {
        return "test" + NAMES.incrementAndGet();
    }

    /** The JDBC URL of a database, which need not be there yet. */
    public static String database(String name, String user) {
        return Postgres.SERVER.url(name, user);
    }

    /** The brokers of Kafka. */
    public static String brokers() {
        return Kafka.SERVER.brokers();
    }

    /** Makes a topic with a name of its own, and its dead letter topic. */
    public static String newTopic(String prefix, int partitions) {
        String name = prefix + "-" + NAMES.incrementAndGet();
        Kafka.SERVER.topics(partitions, name, name + ".dlq");
        return name;
    }

    static EmbeddedKafkaServer kafka() {
        return Kafka.SERVER;
    }
}
