package io.drover.local;

import static org.awaitility.Awaitility.await;

import io.drover.Certificates;
import io.drover.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.springframework.boot.SpringApplication;

/** A PostgreSQL that speaks TLS, and a Kafka that speaks nothing else and asks for a password. */
public final class TlsServers {

    private static final String LISTENER = "SASL_SSL";

    private TlsServers() {}

    /** The JDBC URL of a database, without anything about TLS. */
    public static String postgres(Certificates certificates) {
        EmbeddedPostgresServer server = EmbeddedPostgresServer.temporary();
        String url = server.database("tls");
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute("alter system set ssl_cert_file = '%s'".formatted(certificates.chain()));
            statement.execute("alter system set ssl_key_file = '%s'".formatted(certificates.key()));
            statement.execute("alter system set ssl = on");
            statement.execute("select pg_reload_conf()");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        await().until(() -> {
            try (Connection connection = DriverManager.getConnection(url + "&sslmode=require")) {
                return true;
            } catch (SQLException e) {
                return false; // it reads its settings again a moment later
            }
        });
        return url;
    }

    /** @return the brokers, of which {@link #client} says how to speak to them */
    public static String kafka(Certificates certificates) {
        int port = FreePort.next();
        int controllers = FreePort.next();
        try {
            EmbeddedKafkaServer server = EmbeddedKafkaServer.keptIn(
                    Files.createTempDirectory("drover-kafka-tls"),
                    port,
                    controllers,
                    Map.ofEntries(
                            Map.entry("listener.security.protocol.map", "SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT"),
                            Map.entry(
                                    "listeners",
                                    "SASL_SSL://localhost:%d,CONTROLLER://127.0.0.1:%d".formatted(port, controllers)),
                            Map.entry("advertised.listeners", "SASL_SSL://localhost:" + port),
                            Map.entry("security.inter.broker.protocol", LISTENER),
                            Map.entry("sasl.mechanism.inter.broker.protocol", "PLAIN"),
                            Map.entry("sasl.enabled.mechanisms", "PLAIN"),
                            Map.entry(
                                    "listener.name.sasl_ssl.plain.sasl.jaas.config",
                                    "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"broker\" password=\"b\" user_broker=\"b\" user_drover=\"secret\";"),
                            Map.entry("ssl.truststore.type", "PEM"), // it is a client of its own, too
                            Map.entry("ssl.truststore.certificates", Files.readString(certificates.authority())),
                            Map.entry("ssl.keystore.type", "PEM"),
                            Map.entry("ssl.keystore.certificate.chain", Files.readString(certificates.chain())),
                            Map.entry("ssl.keystore.key", Files.readString(certificates.key()))));
            SpringApplication.getShutdownHandlers().add(server::close);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "localhost:" + port;
    }

    /** Kafka's settings for a client. */
    public static Map<String, Object> client(String brokers, Path authority, String password) {
        return Map.of(
                "bootstrap.servers",
                brokers,
                "security.protocol",
                LISTENER,
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                login(password),
                "ssl.truststore.type",
                "PEM",
                "ssl.truststore.location",
                authority.toString());
    }

    /** Who Drover is there. */
    public static String login(String password) {
        return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"drover\" password=\"%s\";"
                .formatted(password);
    }
}
