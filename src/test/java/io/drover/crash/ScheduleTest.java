package io.drover.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.TestDatabase;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A schedule on several real processes: an instant is one task, and outlives the process that would have fired it. */
class ScheduleTest {

    private static final String ROUTES = "--drover.routes.directory=src/test/resources/routes-schedule";

    private final String jdbcUrl = TestDatabase.migrated();
    private final DataSource database = new DriverManagerDataSource(jdbcUrl);
    private final JdbcClient jdbc = JdbcClient.create(database);

    @Test
    @Tag("release")
    void firesOncePerInstantForTheWholeFleet() {
        try (DroverProcess one = start("trigger");
                DroverProcess other = start("trigger")) {
            awaitTriggers(one);
            awaitTriggers(other);
            Instant both = lastInstant();
            awaitInstantsAfter(both, 4);
            one.kill();
            Instant alone = lastInstant();
            awaitInstantsAfter(alone, 4);
        }

        List<Instant> fired = instants();
        assertThat(fired).doesNotHaveDuplicates();
        for (int i = 1; i < fired.size(); i++) {
            assertThat(fired.get(i))
                    .as("every second has its task: %s", fired)
                    .isEqualTo(fired.get(i - 1).plusSeconds(1));
        }
        assertThat(count("select count(*) from task where status = 'QUEUED'"))
                .as("a process in the role trigger works on nothing")
                .isEqualTo(fired.size());

        try (DroverProcess worker = start("worker")) {
            await().until(() -> count("select count(*) from task where status = 'COMPLETED'") == fired.size());
            assertThat(worker.log()).doesNotContain("every-second (quartz");
        }
        assertThat(instants()).as("a worker fires nothing").isEqualTo(fired);
    }

    private DroverProcess start(String role) {
        return DroverProcess.start(jdbcUrl, null, ROUTES, "--drover.role=" + role);
    }

    private static void awaitTriggers(DroverProcess process) {
        await().until(() -> process.log().contains("Started every-second"));
    }

    private void awaitInstantsAfter(Instant start, int more) {
        await().until(() -> instants().stream().filter(at -> at.isAfter(start)).count() >= more);
    }

    private Instant lastInstant() {
        return await().until(this::instants, all -> !all.isEmpty()).getLast();
    }

    private List<Instant> instants() {
        return jdbc
                .sql("select to_timestamp((input->>'at')::bigint / 1000) as at from task order by 1")
                .query(java.sql.Timestamp.class)
                .list()
                .stream()
                .map(java.sql.Timestamp::toInstant)
                .toList();
    }

    private int count(String sql) {
        return jdbc.sql(sql).query(Integer.class).single();
    }
}
