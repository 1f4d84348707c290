package io.drover.local;

import io.drover.Patience;
import io.drover.api.ApiClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

/**
 * Writes the ahead-of-time cache of an extracted jar (JEP 514): starts it by the command that it is given, on a real PostgreSQL and a real
 * Kafka, gives it the sample tickets, and stops it as Kubernetes does. The Dockerfile calls it.
 */
public final class AotTraining {

    private static final int PORT = 18_480;

    private AotTraining() {}

    public static void main(String[] command) {
        Patience.set(); // no test
        try {
            System.exit(train(command));
        } catch (Exception | ExceptionInInitializerError e) {
            e.printStackTrace();
            System.exit(1); // the servers have threads of their own
        }
    }

    private static int train(String[] command) throws Exception {
        SampleBackEnds backEnds = SampleBackEnds.temporary();
        SampleModel model = new SampleModel(0, ModelScript.read());
        String database = Servers.newDatabase();
        SampleTables.create(database);
        String topic = Servers.newTopic(LocalStand.TICKETS, 2);
        Map<String, Object> settings = new LinkedHashMap<>(
                LocalStand.sampleSettings(database, Servers.brokers(), backEnds.url(), model.url()));
        settings.put("support.topic", topic);
        settings.put("support.results.topic", Servers.newTopic(LocalStand.RESULTS, 1));
        settings.put("server.address", "127.0.0.1");
        settings.put("server.port", PORT);
        settings.put("drover.routes.directory", Path.of("routes").toAbsolutePath());
        settings.put("drover.security.users[0].name", "training");
        settings.put("drover.security.users[0].password-hash", new BCryptPasswordEncoder(4).encode("training"));
        settings.put("drover.security.users[0].roles", "operator");
        List<String> words = new ArrayList<>(List.of(command));
        settings.forEach((name, value) -> words.add("--%s=%s".formatted(name, value)));

        Process drover = new ProcessBuilder(words).inheritIO().start();
        Thread.ofVirtual().start(() -> exitWhenGone(drover));
        JdbcClient jdbc = JdbcClient.create(new DriverManagerDataSource(database));
        ApiClient api = new ApiClient(PORT, "training", "training");
        Awaitility.await()
                .ignoreExceptions()
                .until(() -> api.get("/health/ready").status() == 200);
        for (int round = 0; round < 5; round++) {
            TicketFeed.send(Servers.brokers(), topic, TicketFeed.tickets());
            api.get("/metrics");
            api.get("/console/tasks");
            api.get("/api/tasks");
        }
        Awaitility.await()
                .until(() -> jdbc.sql("select count(*) from task where status = 'COMPLETED'")
                                .query(Integer.class)
                                .single()
                        > 200);
        stopping = true;
        drover.destroy(); // SIGTERM; the cache is written at the end
        int code = drover.waitFor();
        return code == 143 ? 0 : code;
    }

    private static volatile boolean stopping;

    private static void exitWhenGone(Process drover) {
        int code = drover.onExit().join().exitValue();
        if (!stopping) {
            System.exit(code == 0 ? 1 : code);
        }
    }
}
