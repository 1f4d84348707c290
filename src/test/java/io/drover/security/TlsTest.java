package io.drover.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.drover.Certificates;
import io.drover.local.TlsServers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A process as docs/tls.md sets it up: nothing goes over a connection without TLS and a certificate that is checked. */
@DirtiesContext
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "drover.routes.directory=src/test/resources/routes-tls",
            "drover.management.port=0",
            "server.ssl.bundle=drover",
            "spring.ssl.bundle.pem.drover.reload-on-update=true",
            "spring.ssl.bundle.watch.file.quiet-period=200ms",
            "camel.component.kafka.security-protocol=SASL_SSL",
            "camel.component.kafka.sasl-mechanism=PLAIN",
            "camel.component.kafka.ssl-truststore-type=PEM",
            "numbers.topic=numbers"
        })
class TlsTest {

    private static final Path DIRECTORY = directory();
    private static final Certificates OURS = new Certificates(DIRECTORY.resolve("ours"));
    private static final Certificates OTHERS = new Certificates(DIRECTORY.resolve("others"));

    /** What the server has, and may be renewed. */
    private static final Path CHAIN = DIRECTORY.resolve("tls.crt");

    private static final Path KEY = DIRECTORY.resolve("tls.key");

    private static final String DATABASE = TlsServers.postgres(OURS);
    private static final String BROKERS = TlsServers.kafka(OURS);

    private static Path directory() {
        try {
            return Files.createTempDirectory("drover-tls");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry registry) throws Exception {
        serve(OURS);
        registry.add("spring.ssl.bundle.pem.drover.keystore.certificate", () -> "file:" + CHAIN);
        registry.add("spring.ssl.bundle.pem.drover.keystore.private-key", () -> "file:" + KEY);
        registry.add("spring.datasource.url", () -> checked(DATABASE, OURS));
        registry.add("camel.component.kafka.brokers", () -> BROKERS);
        registry.add("camel.component.kafka.sasl-jaas-config", () -> TlsServers.login("secret"));
        registry.add("camel.component.kafka.ssl-truststore-location", OURS.authority()::toString);
        try (Admin admin = Admin.create(TlsServers.client(BROKERS, OURS.authority(), "secret"))) {
            admin.createTopics(
                            List.of(new NewTopic("numbers", 1, (short) 1), new NewTopic("numbers.dlq", 1, (short) 1)))
                    .all()
                    .get();
        }
    }

    private static String checked(String url, Certificates trusted) {
        return url + "&sslmode=verify-full&sslrootcert=" + trusted.authority();
    }

    @LocalServerPort
    int port;

    @Autowired
    ConnectionLimits ports;

    @Autowired
    JdbcClient jdbc;

    private HttpResponse<String> get(Certificates trusted, String url) throws Exception {
        try (HttpClient http =
                HttpClient.newBuilder().sslContext(trusted.trusting()).build()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create(url))
                            .header(
                                    "Authorization",
                                    "Basic "
                                            + Base64.getEncoder()
                                                    .encodeToString("ada:secret".getBytes(StandardCharsets.UTF_8)))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void theServerHasACertificate() throws Exception {
        assertThat(get(OURS, "https://localhost:%d/api/queue".formatted(port)).statusCode())
                .isEqualTo(200);
        HttpResponse<String> ready = get(OURS, "https://localhost:%d/health/ready".formatted(port));
        assertThat(ready.statusCode()).as(ready.body()).isEqualTo(200);
        assertThat(ready.headers().firstValue("Strict-Transport-Security")).isPresent();
        assertThatThrownBy(() -> get(OTHERS, "https://localhost:%d/api/queue".formatted(port)))
                .isInstanceOf(SSLHandshakeException.class);
        assertThatThrownBy(() -> get(OURS, "https://127.0.0.1:%d/api/queue".formatted(port)))
                .as("a name that is not in the certificate")
                .isInstanceOf(SSLHandshakeException.class);
        assertThat(get(OURS, "http://localhost:%d/api/queue".formatted(port)).statusCode())
                .as("without TLS")
                .isEqualTo(400);
        assertThat(get(OURS, "http://localhost:%d/health/live".formatted(ports.managementPort()))
                        .statusCode())
                .as("the port for probes and metrics")
                .isEqualTo(200);
    }

    @Test
    void aRenewedCertificateCountsWithoutARestart() throws Exception {
        String url = "https://localhost:%d/health/live".formatted(port);
        serve(OTHERS);
        try {
            await().ignoreExceptionsInstanceOf(SSLHandshakeException.class)
                    .until(() -> get(OTHERS, url).statusCode() == 200);
        } finally {
            serve(OURS);
        }
        await().ignoreExceptionsInstanceOf(SSLHandshakeException.class)
                .until(() -> get(OURS, url).statusCode() == 200);
    }

    private static void serve(Certificates certificates) throws IOException {
        Files.copy(certificates.chain(), CHAIN, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(certificates.key(), KEY, StandardCopyOption.REPLACE_EXISTING);
    }

    /** One that sends a byte now and then would keep its connection, without a login. */
    @Test
    void aHandshakeHasTheTimeOfAHead() throws Exception {
        try (Socket socket = new Socket("localhost", port)) {
            socket.setSoTimeout(500);
            socket.getOutputStream().write(new byte[] {22, 3, 1, 1, 0}); // a ClientHello of 256 bytes
            InputStream in = socket.getInputStream();
            await().atMost(WatchedHttp.PATIENCE.plusSeconds(10)).until(() -> {
                try {
                    socket.getOutputStream().write(0);
                    return in.read() < 0;
                } catch (java.net.SocketTimeoutException e) {
                    return false;
                } catch (SocketException e) {
                    return true;
                }
            });
        }
    }

    @Test
    void theDatabaseIsCheckedAndAllConnectionsAreEncrypted() {
        assertThat(jdbc.sql(
                                "select count(*) filter (where ssl), count(*) filter (where not ssl) from pg_stat_ssl join pg_stat_activity using (pid) where datname = 'tls'")
                        .query((row, n) -> List.of(row.getInt(1) > 0, row.getInt(2)))
                        .single())
                .isEqualTo(List.of(true, 0));
        assertThatThrownBy(() -> DriverManager.getConnection(checked(DATABASE, OTHERS)))
                .isInstanceOf(SQLException.class)
                .hasStackTraceContaining("PKIX path");
        assertThatThrownBy(() -> DriverManager.getConnection(checked(DATABASE.replace("localhost", "127.0.0.1"), OURS)))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("127.0.0.1");
    }

    @Test
    void recordsComeAndLettersGoOverTls() throws Exception {
        Map<String, Object> client = new HashMap<>(TlsServers.client(BROKERS, OURS.authority(), "secret"));
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(client, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("numbers", "good", "{\"number\":7}"))
                    .get();
            producer.send(new ProducerRecord<>("numbers", "bad", "no JSON")).get();
        }
        await().until(() -> jdbc.sql("select output::text from task where key = 'good' and status = 'COMPLETED'")
                .query(String.class)
                .list()
                .equals(List.of("7")));
        TopicPartition letters = new TopicPartition("numbers.dlq", 0);
        try (Admin admin = Admin.create(client)) {
            await().until(() -> admin.listOffsets(Map.of(letters, OffsetSpec.latest()))
                            .partitionResult(letters)
                            .get()
                            .offset()
                    == 1);
        }
    }

    @ParameterizedTest
    @CsvSource({"secret, false", "guessed, true"})
    void aClientOfKafkaIsCheckedAndChecks(String password, boolean trusts) {
        Certificates trusted = trusts ? OURS : OTHERS;
        try (Admin admin = Admin.create(TlsServers.client(BROKERS, trusted.authority(), password))) {
            assertThatThrownBy(() -> admin.describeCluster().nodes().get(2, TimeUnit.MINUTES))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(trusts ? SaslAuthenticationException.class : SslAuthenticationException.class)
                    .isInstanceOf(AuthenticationException.class);
        }
    }
}
