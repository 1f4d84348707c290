package io.drover.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.TestDatabase;
import io.drover.json.Recorded;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Which edits of the files of a running process stand in the audit. */
class RecordedFilesTest extends RouteFilesTestBase {

    private final String id = "recorded-" + UUID.randomUUID();

    @Autowired
    DataSource dataSource;

    private JdbcClient owner;

    @BeforeEach
    void owner() throws SQLException {
        try (var connection = dataSource.getConnection()) {
            String url = connection.getMetaData().getURL();
            owner = TestDatabase.directly(url.contains("user=") ? url : url + "?user=drover_app");
        }
    }

    private List<JsonNode> reloads(String file) {
        return jdbc
                .sql("select detail::text from audit where action = 'reload' and detail->>'file' = ? order by id")
                .param(file)
                .query(String.class)
                .list()
                .stream()
                .map(detail -> Recorded.tree(detail, () -> "an entry"))
                .toList();
    }

    private List<JsonNode> await(String file, int count) {
        return soon().until(() -> reloads(file), found -> found.size() == count);
    }

    @Test
    void aFileThatComesChangesAndGoesIsRecordedWithItsDigests() {
        String file = id + ".camel.yaml";
        FILES.answering(id, "direct:" + id, "one");
        JsonNode came = await(file, 1).getLast();
        FILES.answering(id, "direct:" + id, "two");
        JsonNode changed = await(file, 2).getLast();
        FILES.write(id, "- route: [broken");
        soon().until(() ->
                routes.problems().stream().anyMatch(problem -> problem.file().equals(file)));
        FILES.delete(id);
        JsonNode went = await(file, 3).getLast();

        assertThat(came.has("before")).isFalse();
        assertThat(came.path("after").asText()).matches("[0-9a-f]{16}");
        assertThat(changed.path("before")).isEqualTo(came.path("after"));
        assertThat(changed.path("after").asText())
                .matches("[0-9a-f]{16}")
                .isNotEqualTo(came.path("after").asText());
        assertThat(went.path("before")).as("what was broken was never in force").isEqualTo(changed.path("after"));
        assertThat(went.has("after")).isFalse();
        assertThat(jdbc.sql("select distinct who from audit where action = 'reload'")
                        .query(String.class)
                        .single())
                .isEqualTo("process:" + ProcessHandle.current().pid() + "@"
                        + came.path("process").asText().split("@")[1]);
        assertThat(reloads("there-from-the-start.camel.yaml"))
                .as("a start is no reload")
                .isEmpty();
    }

    @Test
    void rulesAreRecorded() {
        int before = reloads("rules.yaml").size();

        RulesTestBase.write("rules: [] # " + UUID.randomUUID());
        await("rules.yaml", before + 1);
        RulesTestBase.write("rules: [] # " + UUID.randomUUID());
        List<JsonNode> found = await("rules.yaml", before + 2);

        assertThat(found.get(before + 1).path("before"))
                .isEqualTo(found.get(before).path("after"));
    }

    /** The last state before and the first after are what is recorded then. */
    @Test
    void whatCouldNotBeRecordedIsLater() {
        String file = id + ".camel.yaml";
        FILES.answering(id, "direct:" + id, "one");
        JsonNode came = await(file, 1).getLast();
        owner.sql("revoke insert on audit from drover_app").update();
        try {
            FILES.answering(id, "direct:" + id, "two");
            soon().until(() ->
                    producer.requestBody("direct:" + id, "", String.class).equals("two"));
            FILES.answering(id, "direct:" + id, "three");
            soon().until(() ->
                    producer.requestBody("direct:" + id, "", String.class).equals("three"));
            assertThat(reloads(file)).hasSize(1);
        } finally {
            owner.sql("grant insert on audit to drover_app").update();
        }

        JsonNode changed = await(file, 2).getLast();
        assertThat(changed.path("before")).isEqualTo(came.path("after"));
    }
}
