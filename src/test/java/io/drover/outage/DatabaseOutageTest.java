package io.drover.outage;

import static io.drover.FaultyServer.after;
import static io.drover.FaultyServer.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.FaultyServer;
import io.drover.journal.Submission;
import io.drover.task.Submit;
import io.drover.task.TaskService;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.util.FileSystemUtils;

/** PostgreSQL stops and starts under load: nothing is lost, nothing is restarted. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.NONE,
        properties = {
            "drover.routes.directory=src/test/resources/routes-guard",
            "spring.datasource.hikari.connection-timeout=1000",
            "drover.tools.post.timeout=20s"
        })
@DirtiesContext
class DatabaseOutageTest {

    private static final FaultyServer SERVER = new FaultyServer().always("/post", after(50, json("{\"ok\":true}")));
    private static final Path DATA = Path.of("target", "outage-pg");
    private static EmbeddedPostgres postgres = start(0);

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry registry) {
        String url = postgres.getJdbcUrl("postgres", "postgres");
        registry.add("spring.datasource.url", () -> url);
        registry.add("server.url", SERVER::url);
    }

    @Autowired
    TaskService tasks;

    @Autowired
    JdbcClient jdbc;

    @Test
    void losesNothingWhilePostgresIsAway() throws Exception {
        List<CompletableFuture<Submission>> submitted = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            submitted.add(tasks.submit(new Submit("two-steps", "k" + i, "{}", null, Duration.ZERO, "test")));
            if (i % 10 == 0) {
                TimeUnit.MILLISECONDS.sleep(10); // spread over the stop
            }
            if (i == 150) {
                int port = postgres.getPort();
                postgres.close();
                CompletableFuture.delayedExecutor(3, TimeUnit.SECONDS).execute(() -> postgres = start(port));
            }
        }

        submitted.forEach(one -> one.orTimeout(2, TimeUnit.MINUTES).join());
        await().ignoreExceptions().untilAsserted(() -> assertThat(
                        jdbc.sql("select status || coalesce(' ' || wait_reason, ''), count(*) from task group by 1")
                                .query()
                                .listOfRows())
                .hasSize(1)
                .allSatisfy(row -> assertThat(row.values()).containsExactly("COMPLETED", 300L)));
        assertThat(SERVER.requests("/post").stream()
                        .map(r -> r.headers().get("Idempotency-Key"))
                        .distinct())
                .hasSize(300);
        assertThat(SERVER.requests("/post")).hasSize(300);
    }

    @AfterAll
    static void stop() throws IOException {
        postgres.close();
    }

    private static EmbeddedPostgres start(int port) {
        try {
            if (port == 0) {
                FileSystemUtils.deleteRecursively(DATA);
            }
            EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                    .setDataDirectory(DATA)
                    .setCleanDataDirectory(false) // closing it would delete what it holds
                    .setServerConfig("max_connections", "100");
            return (port == 0 ? builder : builder.setPort(port)).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
