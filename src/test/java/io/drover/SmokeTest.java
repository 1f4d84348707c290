package io.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.journal.Submission;
import io.drover.task.Submit;
import io.drover.task.TaskService;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@SpringBootTest(properties = "drover.routes.directory=src/test/resources/routes-core")
@Import(TestListeners.class)
class SmokeTest {

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry registry) {
        String url = TestDatabase.create();
        registry.add("spring.datasource.url", () -> url);
    }

    @Autowired
    TaskService tasks;

    @Autowired
    JdbcClient jdbc;

    @Test
    void runsATask() {
        Submission first = tasks.submit(new Submit("greet", "k1", "{\"name\":\"Ada\"}", null, Duration.ZERO, "test"))
                .join();
        assertThat(first).isInstanceOf(Submission.Accepted.class);
        assertThat(tasks.submit(new Submit("greet", "k1", "{\"name\": \"Ada\"}", null, Duration.ZERO, "test"))
                        .join())
                .isInstanceOf(Submission.Known.class);
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(jdbc.sql("select output::text from task where id = ?")
                                .param(first.id())
                                .query(String.class)
                                .single())
                        .isEqualTo("{\"said\": \"Ada!\"}"));
        System.out.println(jdbc.sql("select * from call").query().listOfRows());
    }
}
