package io.drover.crash;

import static io.drover.FaultyServer.after;
import static io.drover.FaultyServer.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.FaultyServer;
import io.drover.TestDatabase;
import io.drover.local.Servers;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * One worker becomes four (ten before a release) and then one again, under a load from Kafka that never lets up.
 * Nothing is lost or done twice, and the tool that all of them call is called no more often than its rate says.
 * How fast it goes depends on the machine, so that is only told.
 */
class ScalingTest {

    private static final Logger LOG = LoggerFactory.getLogger(ScalingTest.class);

    private static final int RATE = 50; // calls a second, of the whole fleet
    private static final int MOST_WORKERS = 10;
    private static final int OPEN = 200; // tasks that are sent and not done, as long as the load lasts
    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final Duration STAY = Duration.ofSeconds(8);
    private static final Duration MINUTES = Duration.ofMinutes(3);

    /** Shorter than in production, because a test waits for it; docs/scaling.md was measured with the defaults. */
    private static final String LEASE = System.getProperty("scaling.lease", "3s");

    private static final String HEARTBEAT = System.getProperty("scaling.heartbeat", "1s");

    private final FaultyServer server = new FaultyServer();
    private final String jdbcUrl = TestDatabase.migrated();
    private final JdbcClient jdbc = JdbcClient.create(new DriverManagerDataSource(jdbcUrl));
    /** A record has the time of its answer, and is there a commit later: longer where ten processes share two cores. */
    private static final Duration COMMITTED = Duration.ofSeconds(1);

    private final String topic = Servers.newTopic("scaling", 2 * MOST_WORKERS);
    private final List<DroverProcess> workers = new ArrayList<>();
    private final long begun = System.nanoTime();
    private volatile boolean sending = true;
    private volatile int sent;

    @AfterEach
    void end() {
        sending = false;
        workers.forEach(DroverProcess::close);
        server.close();
    }

    @Test
    @Tag("release")
    void growsAndShrinksToOneUnderLoad() {
        server.always("/charge", after(100, json("{\"ok\":true}")));
        startWorkers(1);
        CompletableFuture<Void> feeder = CompletableFuture.runAsync(this::feed, Thread::startVirtualThread);
        stay();
        while (workers.size() < MOST_WORKERS) {
            startWorkers(3);
        }
        stay();
        while (workers.size() > 1) {
            DroverProcess stopped = workers.removeFirst();
            DroverProcess killed = workers.size() > 1 ? workers.removeFirst() : null;
            goTogether(stopped, killed);
        }
        stay();
        sending = false;

        feeder.orTimeout(1, TimeUnit.MINUTES).join(); // it did not die
        assertThat(sent).as("tasks under way all the time").isGreaterThan(1_000);
        await().until(() -> count("COMPLETED") == sent);
        assertThat(jdbc.sql("select count(*) from task").query(Integer.class).single())
                .as("one task a record")
                .isEqualTo(sent);
        Map<String, List<Instant>> effects = requestsByKey();
        assertThat(effects).as("one effect a task").hasSize(sent);
        assertThat(recordedByKey())
                .as("no call is repeated once it is recorded")
                .hasSize(sent)
                .allSatisfy((key, at) ->
                        assertThat(effects.get(key)).allMatch(request -> request.isBefore(at.plus(COMMITTED))));
        assertThat(mostIn(WINDOW)).as("calls in any ten seconds").isLessThanOrEqualTo(RATE * 10 * 11 / 10);
        tell(effects);
    }

    private void startWorkers(int number) {
        List<DroverProcess> started = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            started.add(DroverProcess.start(
                    jdbcUrl,
                    null,
                    "--drover.routes.directory=src/test/resources/routes-scaling",
                    "--camel.component.kafka.brokers=" + Servers.brokers(),
                    "--camel.component.kafka.session-timeout-ms=6000",
                    "--camel.component.kafka.heartbeat-interval-ms=1000",
                    "--scaling.topic=" + topic,
                    "--server.url=" + server.url(),
                    "--drover.worker.lease=" + LEASE,
                    "--drover.worker.heartbeat=" + HEARTBEAT,
                    "--drover.tools.charge.throttle=" + RATE + "/1s"));
        }
        workers.addAll(started);
        started.forEach(worker ->
                assertThat(worker.awaitClaiming().isAlive()).as(worker::log).isTrue());
        say("%d workers", workers.size());
    }

    /** As many workers for a while. */
    private void stay() {
        pause(STAY.toMillis());
        assertThat(count("DEAD")).isZero();
    }

    private void goTogether(DroverProcess stopped, DroverProcess killed) {
        long begin = System.nanoTime();
        stopped.signal("TERM");
        if (killed != null) {
            int held = jdbc.sql("select count(*) from task t join worker w on w.id = t.worker where w.name like ? and"
                            + " t.status = 'RUNNING'")
                    .param(killed.pid() + "@%")
                    .query(Integer.class)
                    .single();
            killed.kill();
            awaitSignedOff(killed);
            say("kill -9 of one with %d tasks: they were taken over after %d ms", held, millisSince(begin));
        }
        awaitSignedOff(stopped);
        say("SIGTERM: it had signed off after %s%d ms", killed == null ? "" : "at most ", millisSince(begin));
        stopped.awaitDeath();
        say("SIGTERM: it had ended after %s%d ms", killed == null ? "" : "at most ", millisSince(begin));
    }

    private void awaitSignedOff(DroverProcess worker) {
        await().pollInterval(Duration.ofMillis(50))
                .until(() -> jdbc.sql("select count(*) from worker where name like ?")
                                .param(worker.pid() + "@%")
                                .query(Integer.class)
                                .single()
                        == 0);
    }

    /** Keeps so many tasks open that no worker waits for work. */
    private void feed() {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", Servers.brokers()), new StringSerializer(), new StringSerializer())) {
            while (sending) {
                int open = sent - server.requests("/charge").size();
                for (int i = open; i < OPEN; i++) {
                    producer.send(new ProducerRecord<>(topic, "order-" + sent, "{\"number\":%d}".formatted(sent)));
                    sent++;
                }
                pause(100);
            }
        }
    }

    private Map<String, List<Instant>> requestsByKey() {
        long nowNanos = System.nanoTime();
        Instant now = Instant.now();
        return server.requests("/charge").stream()
                .collect(Collectors.groupingBy(
                        request -> request.headers().get("Idempotency-Key"),
                        Collectors.mapping(
                                request -> now.minusNanos(nowNanos - request.nanos()), Collectors.toList())));
    }

    private Map<String, Instant> recordedByKey() {
        Map<String, Instant> recorded = new HashMap<>();
        jdbc.sql("select address::text, finished_at from call where state = 'SUCCEEDED'")
                .query(row -> {
                    recorded.put(
                            row.getString(1), row.getObject(2, Timestamp.class).toInstant());
                });
        return recorded;
    }

    private int mostIn(Duration window) {
        List<Long> times = times();
        int most = 0;
        int from = 0;
        for (int to = 0; to < times.size(); to++) {
            while (times.get(to) - times.get(from) >= window.toNanos()) {
                from++;
            }
            most = Math.max(most, to - from + 1);
        }
        return most;
    }

    private List<Long> times() {
        return server.requests("/charge").stream()
                .map(FaultyServer.Request::nanos)
                .sorted()
                .toList();
    }

    private void tell(Map<String, List<Instant>> effects) {
        say(
                "%d tasks, %d calls came twice; most calls in 1 s: %d, in 10 s: %d",
                sent,
                effects.values().stream().filter(times -> times.size() > 1).count(),
                mostIn(Duration.ofSeconds(1)),
                mostIn(WINDOW));
        Map<Long, Long> bySecond = times().stream()
                .collect(Collectors.groupingBy(nanos -> (nanos - begun) / 1_000_000_000, Collectors.counting()));
        say("calls in each second: %s", bySecond);
    }

    private void say(String text, Object... arguments) {
        LOG.info("after {} s: {}", millisSince(begun) / 1000, text.formatted(arguments));
    }

    private static long millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }

    private int count(String status) {
        return jdbc.sql("select count(*) from task where status = ?")
                .param(status)
                .query(Integer.class)
                .single();
    }

    private static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
