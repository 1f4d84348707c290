package io.drover.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.drover.journal.Submission;
import io.drover.journal.TaskFilter;
import io.drover.journal.TaskSearch;
import io.drover.journal.TaskStatus;
import io.drover.journal.TaskView;
import io.drover.journal.WorkflowVersion;
import io.drover.task.InvalidTaskException;
import io.drover.task.Signals;
import io.drover.task.Submit;
import io.drover.who.Workflows;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Two versions of a workflow side by side, on real files, a real PostgreSQL and in a running process. */
class VersionsTest extends RouteFilesTestBase {

    @Autowired
    Signals signals;

    @Autowired
    TaskSearch search;

    /** Waits for a signal, then says which version it is. */
    private static final String WAITING =
            """
            - route:
                id: %s
                from:
                  uri: task:%s
                  parameters: { maxAttempts: 1, version: %d }
                  steps:
                    - to: { uri: "wait:signal", parameters: { name: go, key: %s } }
                    - setBody: { expression: { constant: { expression: '%s' } } }
            """;

    private static final String SAYING =
            """
            - route:
                id: %s
                from:
                  uri: task:%s
                  parameters: { maxAttempts: 1, version: %d }
                  steps:
                    - setBody: { expression: { constant: { expression: '%s' } } }
            """;

    @Test
    void aTaskKeepsItsVersionAndNewTasksGetTheHighest() {
        waiting("kept", "kept", 1, "one");
        UUID old = submit("kept");
        awaitSignal(old);

        waiting("kept-2", "kept", 2, "two");
        UUID fresh = submit("kept");
        awaitSignal(fresh);
        assertThat(version(old)).isEqualTo("stable");
        assertThat(version(fresh)).isEqualTo("stable@2");

        signal("kept");
        assertThat(output(old)).isEqualTo("\"one\"");
        assertThat(output(fresh)).isEqualTo("\"two\"");
    }

    @Test
    void anEditOfAVersionIsNoEditOfTheOther() {
        saying("edits", "edits", 1, "one");
        saying("edits-2", "edits", 2, "two");
        saying("edits", "edits", 1, "one, edited");
        soon().until(() -> routeIds("edits").contains("edits@2"));

        assertThat(output(submit("edits", null, 1))).isEqualTo("\"one, edited\"");
        assertThat(output(submit("edits", null, 2))).isEqualTo("\"two\"");
        assertThat(output(submit("edits"))).isEqualTo("\"two\"");
    }

    @Test
    void aKeyIsOneTaskWhateverTheVersion() {
        saying("keyed", "keyed", 1, "one");
        UUID first = submit("keyed", "k", null);
        assertThat(output(first)).isEqualTo("\"one\"");
        saying("keyed-2", "keyed", 2, "two");

        Submission again = tasks.submit(new Submit("keyed", "k", "{}", null, Duration.ZERO, "test"))
                .join();

        assertThat(again).isEqualTo(new Submission.Known(first));
        assertThat(version(first)).isEqualTo("stable");
    }

    /** No process has its file: the task waits, and the other version works on. */
    @Test
    void aTaskOfAVersionWithoutAFileWaitsForIt() {
        waiting("gone", "gone", 1, "one");
        waiting("gone-2", "gone", 2, "two");
        UUID task = submit("gone");
        awaitSignal(task);
        FILES.delete("gone-2");
        soon().until(() -> workflows.get(new WorkflowVersion("gone", 2)) == null);
        signal("gone");
        saying("gone", "gone", 1, "one");
        soon().until(() -> routeIds("gone").contains("gone@2"));

        assertThat(output(submit("gone"))).isEqualTo("\"one\"");
        assertThat(queue.progress(task).status()).isEqualTo(TaskStatus.QUEUED);
        assertThat(version(task)).isEqualTo("stable@2");

        waiting("gone-2", "gone", 2, "two");
        assertThat(output(task)).isEqualTo("\"two\"");
    }

    @Test
    void listsTheTasksOfOneVersion() {
        saying("listed", "listed", 1, "one");
        UUID old = submit("listed", "same", null);
        saying("listed-2", "listed", 2, "two");
        UUID fresh = submit("listed", "other", null);

        assertThat(listed(1)).containsExactly(old);
        assertThat(listed(2)).containsExactly(fresh);
        assertThat(listed(3)).isEmpty();
        assertThat(listed(null)).containsExactly(fresh, old);
        assertThat(found("same", 1)).containsExactly(old);
        assertThat(found("same", 2)).isEmpty();
    }

    /** A route names a version where it does not want the current one; the child keeps it. */
    @Test
    void aRouteMayNameAVersion() {
        saying("named", "named", 1, "one");
        saying("named-2", "named", 2, "two");
        FILES.write(
                "names",
                """
                - route:
                    id: names
                    from:
                      uri: task:names
                      parameters: { maxAttempts: 1 }
                      steps:
                        - to: { uri: "task:named", parameters: { await: "true", version: 1 }, variableReceive: old }
                        - to: { uri: "task:named", parameters: { await: "true" }, variableReceive: new }
                        - setBody: { expression: { simple: { expression: '["${variable.old}", "${variable.new}"]' } } }
                """);
        soon().until(() -> workflows.get("names") != null);

        assertThat(output(submit("names"))).contains("one").contains("two").doesNotContain("two\", \"one");
    }

    @Test
    void refusesAVersionThatIsNotThere() {
        saying("lacks", "lacks", 1, "one");

        assertThatThrownBy(() -> submit("lacks", null, 3))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessage("task:lacks has no version 3; there are [1]");
    }

    @Test
    void aVersionHasOneFile() {
        saying("doubled", "doubled", 2, "two");
        FILES.write("doubled-again", SAYING.formatted("doubled-again", "doubled", 2, "again"));

        soon().until(() -> problem("doubled-again") != null);
        assertThat(problem("doubled-again").message())
                .isEqualTo("task:doubled?version=2 is defined by doubled.camel.yaml already");
        FILES.delete("doubled-again");
    }

    @Test
    void refusesAVersionThatIsNone() {
        FILES.write("noversion", SAYING.formatted("noversion", "noversion", 0, "none"));

        soon().until(() -> problem("noversion") != null);
        assertThat(problem("noversion").message()).contains("version").contains("0");
        FILES.delete("noversion");
    }

    private void waiting(String id, String workflow, int version, String says) {
        FILES.write(id, WAITING.formatted(id, workflow, version, workflow, says));
        soon().until(() -> workflows.get(new WorkflowVersion(workflow, version)) != null);
    }

    private void saying(String id, String workflow, int version, String says) {
        FILES.write(id, SAYING.formatted(id, workflow, version, says));
        soon().until(() -> workflows.get(new WorkflowVersion(workflow, version)) != null);
    }

    private UUID submit(String workflow, String key, Integer version) {
        return tasks.submit(new Submit(workflow, key, "{}", null, Duration.ZERO, "test").to(version))
                .join()
                .id();
    }

    private List<UUID> listed(@Nullable Integer version) {
        return ids(search.matching(ofListed(version), 10, null));
    }

    private List<UUID> found(String key, int version) {
        return ids(search.find(key, null, Set.of("listed"), Set.of(), ofListed(version), 10, null));
    }

    private static TaskFilter ofListed(@Nullable Integer version) {
        return new TaskFilter(null, "listed", version, null, null, Workflows.ALL);
    }

    private static List<UUID> ids(TaskSearch.Found found) {
        return found.tasks().stream().map(TaskView::id).toList();
    }

    private void signal(String key) {
        signals.send(new Signals.Send("go", key, "1", null, null, "test")).join();
    }

    private void awaitSignal(UUID task) {
        await().until(() -> "SIGNAL"
                .equals(jdbc.sql("select wait_reason from task where id = ?")
                        .param(task)
                        .query(String.class)
                        .optional()
                        .orElse("")));
    }

    private String version(UUID task) {
        return jdbc.sql("select track from task where id = ?")
                .param(task)
                .query(String.class)
                .single();
    }
}
