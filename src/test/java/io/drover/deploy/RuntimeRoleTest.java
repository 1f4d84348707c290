package io.drover.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.DatabaseRoles;
import io.drover.Drover;
import io.drover.DroverJvm;
import io.drover.FaultyServer;
import io.drover.TestDatabase;
import io.drover.monitoring.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The roles of docs/upgrade.md: what one may do, and that the other may do all that Drover does. */
class RuntimeRoleTest {

    /** The one that needs an extension, which an embedded PostgreSQL has not. */
    private static final String NEEDS_PGVECTOR = "io.drover.memory.Memory.SEARCH_WITH_PGVECTOR";

    /** Those that only a process sends that migrates or prunes, as the owner. */
    private static final List<String> OF_THE_OWNER = List.of(
            "io.drover.journal.CutOffBuilds.FORGET",
            "io.drover.audit.AuditPruning.BEGIN",
            "io.drover.audit.AuditPruning.REMOVE",
            "io.drover.audit.AuditPruning.END");

    private static final Map<String, String> SENT = sent();

    private static Map<String, String> sent() {
        Map<String, String> sent = SentSql.of(Path.of("target/classes"));
        assertThat(sent.remove(NEEDS_PGVECTOR)).isNotNull();
        OF_THE_OWNER.forEach(name -> assertThat(sent.remove(name)).as(name).isNotNull());
        assertThat(sent)
                .as("what is read from the classes")
                .hasSizeGreaterThan(60)
                .containsKeys(
                        "io.drover.journal.PostgresTaskQueue.CLAIM",
                        "io.drover.journal.PostgresTaskStore.LIST_BY_STATUS",
                        "io.drover.model.PostgresBudgets.TAKE",
                        "io.drover.memory.Retention.DELETE_OLD")
                .hasValueSatisfying(new org.assertj.core.api.Condition<>(
                        sql -> sql.startsWith("insert into kafka_topic"), "one that stands in a method"));
        return sent;
    }

    @TempDir
    Path directory;

    @Test
    void mayRunEveryStatementThatDroverSends() throws Exception {
        assertThat(Plans.refused(TestDatabase.ofTwoRoles(), SENT)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create table note (n integer)",
                "create index task_key on task (workflow, key)",
                "create function shout() returns text language sql as $$ select '' $$",
                "create schema other",
                "alter table task add column a text",
                "alter table audit disable trigger all",
                "alter table call disable trigger audit_called",
                "drop trigger audit_called on call",
                "update audit set who = 'eve'",
                "delete from audit",
                "update audit_chain set body = ''",
                "delete from audit_chain",
                "truncate audit_chain",
                "update audit_leaf set seq = 1",
                "delete from audit_leaf",
                "update audit_checkpoint set note = ''",
                "delete from audit_checkpoint",
                "insert into audit_pruned (size) values (9)",
                "delete from audit_pruned",
                "drop table budget",
                "truncate audit"
            })
    void changesNoTable(String sql) {
        JdbcClient runtime = client(TestDatabase.ofTwoRoles());

        assertThatThrownBy(() -> runtime.sql(sql).update())
                .isInstanceOf(DataAccessException.class)
                .rootCause()
                .hasMessageMatching("(?s).*(?:permission denied|must be owner).*");
    }

    /** So that the tests above, and that of the previous release, can fail. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    alter table task rename column priority to rank | 42703 | io.drover.journal.PostgresTaskQueue.CLAIM
                    alter table call drop column tries              | 42703 | io.drover.journal.CallStatement.WITHOUT_GRANTS
                    alter table budget rename to budgets            | 42P01 | io.drover.model.PostgresBudgets.PUT_BACK
                    drop function dead_cause(json)                  | 42883 | io.drover.journal.PostgresDeadTasks.GROUPS
                    alter table call drop constraint call_pkey      | 42P10 | io.drover.journal.CallStatement.WITHOUT_GRANTS
                    revoke delete on memory from drover_app         | 42501 | io.drover.memory.Retention.DELETE_OLD
                    """)
    void aStatementThatTheSchemaDoesNotServeIsSeen(String change, String state, String name) throws Exception {
        String url = TestDatabase.ofTwoRoles();
        TestDatabase.directly(url).sql(change).update();

        assertThat(Plans.refused(url, SENT).get(name)).startsWith("ERROR " + state);
    }

    @Test
    void anIndexThatIsMissingIsSeen() throws Exception {
        String url = TestDatabase.ofTwoRoles();
        String claim = "io.drover.journal.PostgresTaskQueue.CLAIM";
        int before = Plans.steps(Plans.of(url, SENT).get(claim));
        TestDatabase.directly(url).sql("drop index task_claimable_by_track").update();

        assertThat(Plans.steps(Plans.of(url, SENT).get(claim))).isGreaterThan(before);
    }

    @Test
    void takesOverTablesThatAreThereAndGetsTheLaterOnes() throws Exception {
        String url = TestDatabase.create();
        String name = url.replaceFirst(".*/(\\w+)\\?.*", "$1");
        Flyway.configure().dataSource(url, null, null).target("17").load().migrate();
        DatabaseRoles.adopt(name, "postgres"); // who has made the tables
        TestDatabase.migrate(url);

        assertThat(Plans.refused(TestDatabase.as(DatabaseRoles.RUNTIME, url), SENT))
                .isEmpty();
    }

    /** As a job and a pod. */
    @Test
    void worksOnASchemaThatTheOwnerHasMigrated() throws Exception {
        String owner = DatabaseRoles.newUrl(DatabaseRoles.OWNER);
        String runtime = TestDatabase.as(DatabaseRoles.RUNTIME, owner);
        try (FaultyServer server = new FaultyServer()) {
            server.always("/read", FaultyServer.json("{\"found\":true}"));
            Path input =
                    Files.writeString(directory.resolve("input.json"), "{\"tool\":\"read\",\"args\":{\"x\":\"1\"}}");

            Program.Outcome refused = drover("migrate", "--spring.datasource.url=" + runtime);
            Program.Outcome migrated = drover("migrate", "--spring.datasource.url=" + owner);
            Program.Outcome ran = drover(
                    "run",
                    "call",
                    "--input=" + input,
                    "--spring.datasource.url=" + runtime,
                    "--drover.migrate=false",
                    "--drover.routes.directory=src/test/resources/routes-guard/processes",
                    "--server.url=" + server.url());

            assertThat(refused.code()).as(refused.output()).isEqualTo(1);
            assertThat(migrated.code()).as(migrated.output()).isZero();
            assertThat(ran.code()).as(ran.output()).isZero();
            assertThat(ran.output()).contains("{\"found\":true}");
        }
    }

    private static Program.Outcome drover(String... arguments) {
        List<String> command = new ArrayList<>(DroverJvm.command(Drover.class));
        command.addAll(List.of(arguments));
        return Program.run(command.toArray(String[]::new));
    }

    private static JdbcClient client(String url) {
        return JdbcClient.create(new DriverManagerDataSource(url));
    }
}
