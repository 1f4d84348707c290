package io.drover.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.TestDatabase;
import io.drover.journal.DatabaseTasks;
import io.drover.journal.TaskStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Each workflow and outcome has a time of its own, on a real PostgreSQL. */
class TaskRetentionTest {

    private static final Duration DAY = Duration.ofDays(1);

    private static DriverManagerDataSource dataSource;
    private static JdbcClient jdbc;

    private final Map<String, Integer> removed = new TreeMap<>();
    private final RetentionListener listener = new RetentionListener() {
        @Override
        public void removed(String workflow, TaskStatus outcome, int tasks) {
            removed.merge(workflow + " " + outcome, tasks, Integer::sum);
        }

        @Override
        public void forgotten(int tasks) {
            removed.merge("forgotten", tasks, Integer::sum);
        }
    };

    @BeforeAll
    static void connect() {
        dataSource = new DriverManagerDataSource(TestDatabase.ofTwoRoles());
        jdbc = TestDatabase.directly(dataSource.getUrl());
    }

    @BeforeEach
    void fill() {
        jdbc.sql("truncate task, call").update();
        jdbc.sql(
                        """
                        insert into task (id, workflow, status, input, output, error, finished_at)
                        select gen_random_uuid(), w, s, '1', case when s = 'COMPLETED' then '1'::json end,
                               case when s = 'DEAD' then '{}'::json end, now() - interval '3 days' + n * interval '1 s'
                          from unnest(array['a', 'b']) w, unnest(array['COMPLETED', 'DEAD', 'CANCELLED']) s, generate_series(1, 1001) n
                        """)
                .update();
    }

    @Test
    void eachKindHasItsTime() {
        run(new KeepProperties(
                DAY.multipliedBy(9),
                DAY,
                null,
                null,
                Map.of("a", new KeepProperties.OfWorkflow(DAY, DAY.multipliedBy(9), null))));

        assertThat(removed).isEqualTo(Map.of("a COMPLETED", 1001, "b DEAD", 1001));
        assertThat(count("removed_at is not null")).isEqualTo(2002);
    }

    /** One that is passed over does not stop those behind it, and is not looked at again and again. */
    @Test
    void whatIsStillNeededIsPassedOver() {
        jdbc.sql(
                        """
                        insert into call (task_id, address, n, tool, state, token, definition, arguments, error, started_at)
                        select id, id, 1, 't', 'IN_DOUBT', 1, 1, '{}', '{}', now() from task
                         where workflow = 'a' and status = 'COMPLETED' order by finished_at limit 600
                        """)
                .update();
        TaskRetention retention = retention(new KeepProperties(
                null, null, null, null, Map.of("a", new KeepProperties.OfWorkflow(DAY, null, null))));

        retention.run();
        assertThat(removed).isEqualTo(Map.of("a COMPLETED", 401));

        jdbc.sql("delete from call").update();
        retention.run();
        assertThat(count("removed_at is not null")).as("later on that day").isEqualTo(401);
        for (int run = 0; run < 143; run++) {
            retention.run();
        }
        assertThat(count("removed_at is not null")).as("a day later").isEqualTo(1001);
        retention.stop();
    }

    @Test
    void outcomesGoLast() {
        KeepProperties properties = new KeepProperties(DAY, null, null, DAY, Map.of());
        run(properties);
        assertThat(count("true")).isEqualTo(6006);
        jdbc.sql("alter table task disable trigger legal_transition").update();
        jdbc.sql("update task set removed_at = now() - interval '25 hours' where removed_at is not null")
                .update();
        jdbc.sql("alter table task enable trigger legal_transition").update();

        run(properties);

        assertThat(removed).containsEntry("forgotten", 2002);
        assertThat(count("true")).isEqualTo(4004);
    }

    @Test
    void everythingIsKeptWhereNothingIsSaid() {
        run(new KeepProperties(null, null, null, null, Map.of()));

        assertThat(removed).isEmpty();
        assertThat(count("removed_at is null")).isEqualTo(6006);
    }

    private void run(KeepProperties properties) {
        TaskRetention retention = retention(properties);
        retention.run();
        retention.stop();
    }

    private TaskRetention retention(KeepProperties properties) {
        return new TaskRetention(properties, DatabaseTasks.ended(dataSource), List.of(listener));
    }

    private static int count(String where) {
        return jdbc.sql("select count(*) from task where " + where)
                .query(Integer.class)
                .single();
    }
}
