package io.drover.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.FreePort;
import io.drover.TestDatabase;
import io.drover.api.ApiClient;
import io.drover.local.Servers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every thread of a running process is a loop that shows that it lives, or is on a short list with the reason why it need not. */
class ThreadsTest {

    private static final Pattern THREAD = Pattern.compile("(?m)^\"(.*)\" #\\d+");
    private static final Pattern LOOP = Pattern.compile("agent_loop_overdue_seconds\\{[^}]*loop=\"([^\"]+)\"");

    private static final Map<String, String> OTHERS = Map.ofEntries(
            Map.entry(
                    "main|DestroyJavaVM|Reference Handler|Finalizer|Signal Dispatcher|Service Thread|Monitor Deflation"
                            + " Thread|C[12] CompilerThread\\d+|Common-Cleaner|Cleaner-\\d+|Notification Thread|Attach"
                            + " Listener|process reaper.*|JFR .*|Training replay thread|RMI .*|GC Daemon|SIG\\w+ handler",
                    "the JVM's own: it ends with them"),
            Map.entry(
                    "ForkJoinPool-\\d+-worker-\\d+|VirtualThread-unparker|VirtualThread-unblocker|(Read|Write|Sub|Master)?-?Poller.*",
                    "carriers and their helpers: the probe of the worker's clock tells when no attempt gets one"),
            Map.entry(
                    "http-nio-.*|Catalina-utility-\\d+|container-\\d+",
                    "the web server: Kubernetes' probes go through it"),
            Map.entry("HikariPool-1.*", "connections: without them the database is unhealthy"),
            Map.entry("default:.*", "connections of routes: without them health names the data source"),
            Map.entry("PostgreSQL-JDBC-.*", "cancels statements that take too long, and is begun when it is needed"),
            Map.entry(
                    "kafka-records-\\d+",
                    "consumers: ConsumerThreads begins each again, and agent_kafka_consumer_down shows it"),
            Map.entry(
                    "kafka-coordinator-heartbeat-thread.*",
                    "ends with its consumer, which hears of its failure at the next poll and is begun again"),
            Map.entry("kafka-admin-client-thread.*", "KafkaHealth opens another client when this one does not answer"),
            Map.entry("kafka-producer-network-thread.*", "DeadLetters opens another producer when it does not answer"),
            Map.entry(
                    ".*_QuartzSchedulerThread|Camel \\(.*\\) thread #\\d+ - timer://.*",
                    "fire: their end makes the process unhealthy (DeadThreads)"),
            Map.entry(".*_Worker-\\d+|.*Quartz.*Worker.*", "Quartz's pool catches what a job throws"),
            Map.entry("Camel \\(.*\\) thread #\\d+ - (?!timer).*", "Camel's pools, which replace their threads"),
            Map.entry(
                    "Batch(LogRecord|Span)Processor_WorkerThread-\\d+",
                    "export logs and spans: no task waits for them"),
            Map.entry(
                    "loomBoundedElastic-.*|boundedElastic-.*|parallel-\\d+|streamable-http-server-transport-session-sweeper-\\d+",
                    "the MCP library's: calls have timeouts of their own, and the sweeper only forgets idle sessions"),
            Map.entry(
                    "openfeature-provider-thread-\\d+",
                    "OpenFeature's pool, which starts a provider of flags: tasks wait until that is ready"),
            Map.entry("permits", "forgets what throttlers do not use any more: without it they keep that"),
            Map.entry(
                    "heavy-\\d+|embed-\\d+|password-\\d+",
                    "pools that are filled when there is work, and hand on what it throws"));

    @Test
    void everyThreadIsOwnedOrKnown() throws Exception {
        int port = FreePort.next();
        try (DroverProcess process = DroverProcess.start(
                TestDatabase.migrated(),
                null,
                "--spring.main.web-application-type=servlet",
                "--spring.jmx.enabled=true",
                "--server.port=" + port,
                "--drover.role=all",
                "--drover.routes.directory=src/test/resources/routes-threads",
                "--camel.component.kafka.brokers=" + Servers.brokers(),
                "--threads.topic=" + Servers.newTopic("threads", 1))) {
            process.awaitClaiming();
            ApiClient api = new ApiClient(port, "ada", "secret");
            await().until(() ->
                    loops(api).contains("watch-loops") && process.log().contains("beat"));

            Set<String> loops = loops(api);
            Set<String> threads = threads(process.pid());

            assertThat(loops)
                    .contains("worker-clock", "claim", "listen", "route-files", "backlog", "record-skips", "mbeans")
                    .contains("commit-call", "commit-late", "commit-submit", "commit-end", "memory-retention")
                    .contains("signal-retention", "effect-retention", "task-retention", "definition-retention");
            assertThat(threads).as("loops have their threads").containsAll(loops);
            assertThat(threads.stream().filter(name -> !loops.contains(name)).filter(name -> OTHERS.keySet().stream()
                            .noneMatch(name::matches)))
                    .as("threads that nobody owns; a loop belongs on Periodic, else say here what sees that it lives")
                    .isEmpty();
        }
    }

    private static Set<String> loops(ApiClient api) {
        try {
            return names(LOOP, api.get("/metrics").body());
        } catch (RuntimeException e) { // it does not listen yet
            return Set.of();
        }
    }

    private static Set<String> threads(long pid) throws IOException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process dump = new ProcessBuilder(List.of(jcmd, Long.toString(pid), "Thread.print"))
                .redirectErrorStream(true)
                .start();
        return names(THREAD, new String(dump.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    }

    private static Set<String> names(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
