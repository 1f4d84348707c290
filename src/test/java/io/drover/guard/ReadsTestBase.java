package io.drover.guard;

import static org.awaitility.Awaitility.await;

import io.drover.FaultyServer;
import io.drover.TestDatabase;
import io.drover.task.Submit;
import io.drover.task.TaskService;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Workflows that read twice and then do something. What the journal holds at that moment is noted. */
@Import(ReadsTestBase.Beans.class)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.NONE,
        properties = {
            "drover.routes.directory=src/test/resources/routes-reads",
            "drover.worker.lease=1d", // a heartbeat sends what has been read
            "drover.worker.heartbeat=8h"
        })
abstract class ReadsTestBase {

    static final FaultyServer SERVER = new FaultyServer();

    /** How many reads the journal held whenever something else happened. */
    static final Queue<Integer> HELD = new ConcurrentLinkedQueue<>();

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry registry) {
        String url = TestDatabase.migrated();
        registry.add("spring.datasource.url", () -> url);
        registry.add("server.url", SERVER::url);
    }

    @Autowired
    TaskService tasks;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    Peeks peeks;

    /** Code of an author, which may send what it likes. */
    static class Peeks {

        private final JdbcClient jdbc;

        Peeks(JdbcClient jdbc) {
            this.jdbc = jdbc;
        }

        public boolean peek() {
            return HELD.add(jdbc.sql(
                            "select count(*) from call where (tool = 'look' or tool like 'flag:%') and state = 'SUCCEEDED'")
                    .query(Integer.class)
                    .single());
        }
    }

    @TestConfiguration(proxyBeanMethods = false)
    static class Beans {

        @Bean
        Peeks peeks(JdbcClient jdbc) {
            return new Peeks(jdbc);
        }
    }

    void answer() {
        jdbc.sql("truncate task, call cascade").update();
        HELD.clear();
        SERVER.reset();
        SERVER.always("/look", FaultyServer.json("{\"n\":1}"));
        SERVER.respond("/put", this::peeked);
        SERVER.respond("/post", this::peeked);
    }

    FaultyServer.Answer peeked(FaultyServer.Request request) {
        peeks.peek();
        return FaultyServer.json("{}");
    }

    UUID run(String workflow) {
        UUID task = submit(workflow);
        await().until(() -> !List.of("QUEUED", "RUNNING").contains(status(task)));
        return task;
    }

    UUID submit(String workflow) {
        return tasks.submit(new Submit(workflow, null, "{}", null, Duration.ZERO, "test"))
                .join()
                .id();
    }

    String status(UUID task) {
        return jdbc.sql("select status from task where id = ?")
                .param(task)
                .query(String.class)
                .single();
    }

    String error(UUID task) {
        return jdbc.sql("select coalesce(error::text, 'no error') from task where id = ?")
                .param(task)
                .query(String.class)
                .single();
    }

    /** The transactions that wrote the calls of a tool. */
    List<Long> writers(UUID task, String tool) {
        return jdbc.sql("select xmin::text::bigint from call where task_id = ? and tool = ? order by n")
                .param(task)
                .param(tool)
                .query(Long.class)
                .list();
    }
}
