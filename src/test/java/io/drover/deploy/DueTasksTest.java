package io.drover.deploy;

import static io.drover.deploy.Build.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.Drover;
import io.drover.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** The number that KEDA asks the database for, on a real PostgreSQL with Drover's tables and no worker. */
class DueTasksTest {

    private static String query() {
        return text(Build.named("prod").object("ScaledObject", "drover"), "spec", "triggers", 0, "metadata", "query");
    }

    private static String queryOfJobs() {
        return text(
                Build.named("scaled-jobs").object("ScaledJob", "drover"), "spec", "triggers", 0, "metadata", "query");
    }

    /** For Jobs the same, of the one workflow that they work on. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void countsWhatIsDueOrUnderWayAndNothingElse(boolean ofJobs) {
        String query = ofJobs ? queryOfJobs() : query();
        String url = TestDatabase.migrated();
        JdbcClient jdbc = JdbcClient.create(new DriverManagerDataSource(url));
        assertThat(number(jdbc, query)).isZero();

        Map<String, Integer> tasks = Map.of(
                "'QUEUED', null, now(), null, null, null", 1, // due
                "'WAITING', 'DELAY', now() - interval '1 second', null, null, null",
                        1, // fell due, and nobody has seen it
                "'WAITING', 'RETRY', now() + interval '1 hour', null, null, null", 0, // not yet
                "'WAITING', 'IN_DOUBT', 'infinity', null, null, null", 0, // a person decides
                "'RUNNING', null, now(), gen_random_uuid(), null, null", 1, // of a worker that lives or died
                "'COMPLETED', null, now(), null, '{}'::json, now()", 0,
                "'CANCELLED', null, now(), null, null, now()", 0);
        int expected = 0;
        for (Map.Entry<String, Integer> task : tasks.entrySet()) {
            jdbc.sql(
                            """
                            insert into task (id, workflow, input, status, wait_reason, run_at, worker, output, finished_at)
                            select gen_random_uuid(), workflow, '{}', %s
                              from unnest(array['w', 'yearly-report']) workflow
                            """
                                    .formatted(task.getKey()))
                    .update();
            expected += ofJobs ? task.getValue() : 2 * task.getValue();
            assertThat(number(jdbc, query)).as(task.getKey()).isEqualTo(expected);
        }
    }

    /** More workers could not begin what is held, and a Job would leave it and fail, again and again while the hold lasts. */
    @ParameterizedTest
    @CsvSource({
        "ALL, , , 2",
        "WORKFLOW, yearly-report, , 2",
        "WORKFLOW, yearly-report, 1 hour, 2",
        "WORKFLOW, yearly-report, -1 second, 6",
        "WORKFLOW, w, , 6",
        "TOOL, yearly-report, , 6",
        "USER, yearly-report, , 6"
    })
    void countsNoTaskThatAHoldKeepsFromBeginning(
            String kind, @Nullable String name, @Nullable String lasting, int expected) {
        String url = TestDatabase.migrated();
        JdbcClient jdbc = JdbcClient.create(new DriverManagerDataSource(url));
        for (String state : List.of(
                "'QUEUED', null, now(), null", // begins after the hold
                "'WAITING', 'RETRY', now() - interval '1 second', null", // the same
                "'RUNNING', null, now(), gen_random_uuid()")) { // under way, or of a worker that died
            jdbc.sql(
                            """
                            insert into task (id, workflow, input, status, wait_reason, run_at, worker)
                            select gen_random_uuid(), 'yearly-report', '{}', %s from generate_series(1, 2)
                            """
                                    .formatted(state))
                    .update();
        }
        jdbc.sql("insert into hold (kind, name, reason, who, until) values (?, ?, 'why', 'ada', now() + ?::interval)")
                .params(kind, name, lasting)
                .update();

        assertThat(number(jdbc, queryOfJobs())).isEqualTo(expected);
        assertThat(number(jdbc, query())).isEqualTo(expected);
    }

    /** A canary works on its own tasks; where none lives they are the stable workers', whatever one that was killed has left behind. */
    @Test
    void countsTheTasksOfACanaryOnlyWhereNoneLives() {
        String url = TestDatabase.migrated();
        JdbcClient jdbc = JdbcClient.create(new DriverManagerDataSource(url));
        jdbc.sql(
                        """
                        insert into task (id, workflow, input, status, track)
                        select gen_random_uuid(), 'yearly-report', '{}', 'QUEUED', track
                          from unnest(array['stable', 'canary', 'canary']) track
                        """)
                .update();
        for (String query : List.of(query(), queryOfJobs())) {
            jdbc.sql("delete from worker").update();
            assertThat(number(jdbc, query)).as("no worker at all").isEqualTo(3);

            jdbc.sql("insert into worker (id, name, version, track) values (gen_random_uuid(), 'pod', '1', 'canary')")
                    .update();
            assertThat(number(jdbc, query)).as("a canary worker").isEqualTo(1);

            jdbc.sql("update worker set heartbeat_at = now() - interval '2 minutes'")
                    .update();
            assertThat(number(jdbc, query)).as("it was killed").isEqualTo(3);
        }
    }

    /** The user that docs/deploy.md makes for KEDA. */
    @Test
    void theUserOfKedaMayReadWhatTheQueriesRead() throws IOException {
        String url = TestDatabase.migrated();
        Matcher grant = Pattern.compile("grant select on [a-z, ]+ to drover_keda;")
                .matcher(Files.readString(Path.of("docs/deploy.md")));
        assertThat(grant.find()).isTrue();
        JdbcClient jdbc = JdbcClient.create(new SingleConnectionDataSource(url, true));
        String user = "keda_" + Long.toHexString(System.nanoTime());
        jdbc.sql("create role " + user).update();
        jdbc.sql(grant.group().replace("drover_keda", user)).update();
        jdbc.sql("set role " + user).update();

        assertThat(number(jdbc, query())).isZero();
        assertThat(number(jdbc, queryOfJobs())).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"stable", "canary"})
    void aTaskThatFallsDueWithoutAWorkerIsCountedAndOneWorkerTakesIt(String track) {
        String query = query();
        String url = TestDatabase.migrated();
        JdbcClient jdbc = JdbcClient.create(new DriverManagerDataSource(url));
        jdbc.sql(
                        """
                        insert into task (id, workflow, input, status, wait_reason, run_at, track)
                        select gen_random_uuid(), 'tick', '{}', 'WAITING', 'DELAY', now() + due, ?
                          from unnest(array[interval '2 seconds', interval '1 hour']) due
                        """)
                .param(track)
                .update();
        assertThat(number(jdbc, query)).as("no worker while tasks only wait").isZero();

        await().until(() -> number(jdbc, query) == 1);
        try (ConfigurableApplicationContext worker = new SpringApplicationBuilder(Drover.class)
                .web(WebApplicationType.NONE)
                .run(
                        "--drover.role=worker",
                        "--drover.routes.directory=src/test/resources/routes-schedule",
                        "--spring.datasource.url=" + url)) {
            assertThat(worker.isRunning()).isTrue();
            await().until(() -> jdbc.sql("select count(*) from task where status = 'COMPLETED'")
                            .query(Integer.class)
                            .single()
                    == 1);
        }

        assertThat(number(jdbc, query)).as("the worker may go").isZero();
    }

    /** As of an integer, because KEDA reads one. */
    private static int number(JdbcClient jdbc, String query) {
        List<Integer> numbers = jdbc.sql(query).query(Integer.class).list();
        assertThat(numbers).hasSize(1);
        return numbers.get(0);
    }
}
