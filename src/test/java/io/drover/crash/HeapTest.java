package io.drover.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.FaultyServer;
import io.drover.TestDatabase;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Processes with a small heap, which end when it is full, as in the image. The first test proves that claims are bounded by
 * bytes: when a worker takes tasks for its free places alone, the process ends by "Java heap space" within a minute.
 */
class HeapTest {

    /** More than fits into the heap, and of several shapes: text, and what takes many times its length when it is read. */
    private static final String INPUTS =
            """
            insert into task (id, workflow, status, input)
            select gen_random_uuid(), 'heavy', 'QUEUED',
                   case when g % 4 > 0 then json_build_object('n', g, 'text', repeat(md5(g::text), 28000))
                        else ('[' || repeat('{"a":1},', 110000) || '{}]')::json end
              from generate_series(1, 120) g
            """;

    private final String url = TestDatabase.migrated();
    private final JdbcClient jdbc = JdbcClient.create(source());

    @Test
    @Tag("release")
    void worksOffInputsThatTogetherAreLongerThanTheHeap() {
        try (FaultyServer server = server(50);
                DroverProcess process = start(server).awaitClaiming()) {
            jdbc.sql(INPUTS).update();

            await().until(() -> !process.isAlive() || open() == 0);

            assertThat(process.isAlive()).as(process.log()).isTrue();
            assertThat(counts()).isEqualTo(Map.of("COMPLETED", 120L));
            assertThat(jdbc.sql("select max(attempt) from task")
                            .query(Integer.class)
                            .single())
                    .isEqualTo(1);
        }
    }

    @Test
    @Tag("release")
    void aTaskThatFillsTheHeapTakesNoOthersWithItForLong() {
        try (FaultyServer server = server(1500)) {
            int deaths = 0;
            DroverProcess process = start(server).awaitClaiming();
            try {
                submit("heavy", "{}", 15);
                await().until(() -> running() == 15);
                submit("bomb", "\"x\"", 1);
                while (open() > 0) {
                    DroverProcess current = process;
                    await().until(() -> !current.isAlive() || open() == 0);
                    if (!process.isAlive()) {
                        assertThat(process.exitCode()).as(process.log()).isEqualTo(3);
                        assertThat(++deaths).isLessThanOrEqualTo(3);
                        process = start(server);
                    }
                }
            } finally {
                process.close();
            }

            assertThat(counts()).isEqualTo(Map.of("COMPLETED", 15L, "DEAD", 1L));
            assertThat(deaths).as("the first, and two attempts").isEqualTo(3);
            assertThat(jdbc.sql("select error ->> 'type' from task where status = 'DEAD'")
                            .query(String.class)
                            .single())
                    .isEqualTo("WorkerLost");
        }
    }

    private static FaultyServer server(long millis) {
        return new FaultyServer().always("/slow", FaultyServer.after(millis, FaultyServer.json("{\"ok\":true}")));
    }

    private DroverProcess start(FaultyServer server) {
        return DroverProcess.start(
                url,
                null,
                "-Xmx160m",
                "-XX:+ExitOnOutOfMemoryError",
                "--drover.role=worker",
                "--drover.worker.concurrency=1000",
                "--drover.routes.directory=src/test/resources/routes-heap",
                "--server.url=" + server.url());
    }

    private void submit(String workflow, String input, int count) {
        jdbc.sql("insert into task (id, workflow, status, input) select gen_random_uuid(), ?, 'QUEUED', ?::json"
                        + " from generate_series(1, ?)")
                .params(workflow, input, count)
                .update();
    }

    private long open() {
        return jdbc.sql("select count(*) from task where status in ('QUEUED', 'RUNNING', 'WAITING')")
                .query(Long.class)
                .single();
    }

    private long running() {
        return jdbc.sql("select count(*) from task where status = 'RUNNING'")
                .query(Long.class)
                .single();
    }

    private Map<String, Long> counts() {
        return jdbc.sql("select status, count(*) from task group by status").query().listOfRows().stream()
                .collect(java.util.stream.Collectors.toMap(
                        row -> (String) row.get("status"), row -> (Long) row.get("count")));
    }

    private PGSimpleDataSource source() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        return source;
    }
}
