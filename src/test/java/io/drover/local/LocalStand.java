package io.drover.local;

import static java.util.Map.entry;

import io.drover.Drover;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

/**
 * Drover and all it needs on this machine ({@code mvn spring-boot:test-run}): a real PostgreSQL and a real Kafka, sample
 * back ends, and on the first start three hundred sample tickets. Everything listens on loopback only. The data are kept
 * in {@code target/local}, so the next start goes on where this one ended.
 */
public final class LocalStand {

    static final String TICKETS = "support-tickets";
    static final String RESULTS = "support-results";
    private static final Path DIRECTORY = Path.of("target", "local");
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private final String password;
    private final EmbeddedPostgresServer postgres;
    private final EmbeddedKafkaServer kafka;
    private final SampleBackEnds backEnds;
    private final SampleModel model;
    private final String database;

    private LocalStand() throws IOException {
        password = password(DIRECTORY.resolve("password"));
        CompletableFuture<EmbeddedKafkaServer> starting =
                CompletableFuture.supplyAsync(() -> EmbeddedKafkaServer.keptIn(DIRECTORY.resolve("kafka")));
        postgres = EmbeddedPostgresServer.keptIn(DIRECTORY.resolve("pg"));
        database = postgres.database("drover");
        SampleTables.create(database);
        kafka = starting.join();
        kafka.topics(4, TICKETS, TICKETS + ".dlq", RESULTS);
        backEnds = SampleBackEnds.keptIn(DIRECTORY.resolve("back-ends.txt"));
        model = new SampleModel(0, ModelScript.read());
    }

    public static void main(String[] arguments) throws Exception {
        Files.createDirectories(DIRECTORY);
        FileChannel lock = lock();
        Path log = DIRECTORY.resolve("drover.log");
        System.setProperty("stand.log", log.toString());
        System.setProperty("logback.configurationFile", "local/logback-stand.xml"); // until Spring Boot takes over
        LoggerFactory.getLogger(LocalStand.class); // before two threads do
        try {
            OUT.println("Starting PostgreSQL, Kafka, the sample back ends and Drover ...");
            LocalStand stand = new LocalStand();
            ConfigurableApplicationContext drover = stand.start(log, arguments);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stand.stop(drover)));
            stand.show(drover);
        } catch (Exception e) {
            OUT.printf(
                    "%nThe stand did not start: %s%nMore is in %s. To begin afresh, delete %s.%n",
                    rootMessage(e), log, DIRECTORY);
            System.exit(1);
        }
        new CountDownLatch(1).await(); // until Ctrl-C
        lock.close();
    }

    private ConfigurableApplicationContext start(Path log, String... arguments) {
        System.clearProperty("logback.configurationFile");
        StandardEnvironment environment =
                new StandardEnvironment(); // what the command line and the shell say goes first
        environment.getPropertySources().addLast(new MapPropertySource("local stand", settings(log)));
        return new SpringApplicationBuilder(Drover.class)
                .environment(environment)
                .registerShutdownHook(false) // Drover has to stop before its servers do
                .run(arguments);
    }

    private Map<String, Object> settings(Path log) {
        Map<String, Object> settings =
                new LinkedHashMap<>(sampleSettings(database, kafka.brokers(), backEnds.url(), model.url()));
        settings.put("server.address", "127.0.0.1");
        settings.put("drover.egress.hosts", "127.0.0.1");
        settings.put("support.candidate", "true");
        settings.put("logging.file.name", log.toString());
        settings.put("logging.threshold.console", "OFF");
        settings.put("drover.security.users[0].name", "drover");
        settings.put("drover.security.users[0].password-hash", new BCryptPasswordEncoder().encode(password));
        settings.put("drover.security.users[0].roles", "operator");
        settings.put("drover.security.users[1].name", "approver");
        settings.put("drover.security.users[1].password-hash", settings.get("drover.security.users[0].password-hash"));
        settings.put("drover.security.users[1].roles", "approver");
        return settings;
    }

    /** What the routes of the sample domain need. */
    static Map<String, Object> sampleSettings(String jdbcUrl, String brokers, String backEnds, String model) {
        return Map.ofEntries(
                entry("spring.datasource.url", jdbcUrl),
                entry("camel.component.kafka.brokers", brokers),
                entry("support.topic", TICKETS),
                entry("support.results.topic", RESULTS),
                entry("support.crm.url", backEnds + "/crm"),
                entry("support.shop.url", backEnds + "/shop"),
                entry("support.payments.url", backEnds + "/payments"),
                entry("support.mail.url", backEnds + "/mail"),
                entry("drover.models.default.url", model),
                entry("drover.models.default.model", "sample"),
                entry("drover.models.default.price.in", "0.25"),
                entry("drover.models.default.price.out", "2"));
    }

    private void show(ConfigurableApplicationContext drover) {
        String url = "http://127.0.0.1:" + drover.getEnvironment().getProperty("local.server.port");
        OUT.printf("Drover runs on %s; log in as drover:%s%n%n", url, password);
        ProgressReport report = new ProgressReport(drover.getBean(JdbcClient.class), kafka, OUT);
        if (report.received() == 0) {
            List<TicketFeed.Ticket> tickets = TicketFeed.tickets();
            TicketFeed.send(kafka.brokers(), TICKETS, tickets);
            OUT.printf("Put %d sample tickets into the topic %s.%n", tickets.size(), TICKETS);
        } else {
            OUT.printf("Going on with the data of an earlier start in %s (delete it to begin afresh).%n", DIRECTORY);
        }
        report.watch();
        report.summary();
        new WhereToLook(url, password, kafka.brokers(), database, report.callInDoubt(), report.approval()).print(OUT);
        RouteNews.printTo(OUT);
    }

    private void stop(ConfigurableApplicationContext drover) {
        OUT.println("\nStopping: running attempts may end first ...");
        drover.close();
        backEnds.close();
        model.close();
        kafka.close();
        postgres.close();
    }

    private static FileChannel lock() throws IOException {
        Path file = DIRECTORY.resolve("lock");
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (channel.tryLock() == null) {
            OUT.printf("Another local stand runs on %s; stop it first.%n", DIRECTORY.toAbsolutePath());
            System.exit(1);
        }
        return channel;
    }

    /** Of the first start: who has it in a shell or a browser need not take another at each start. */
    static String password(Path file) throws IOException {
        if (!Files.exists(file)) {
            byte[] bytes = new byte[12];
            new SecureRandom().nextBytes(bytes);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
        }
        return Files.readString(file);
    }

    static String rootMessage(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            if (root instanceof PortInUseException taken) {
                return "port %d is in use; stop what listens there, or start with SERVER_PORT=<another>"
                        .formatted(taken.getPort());
            }
            root = root.getCause();
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }
}
