package io.drover.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.journal.TaskStatus;
import io.drover.task.Signals;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;

/** Tasks that a task submits, where a submission is refused or fails. */
class ChildTasksTest extends RouteFilesTestBase {

    @Autowired
    Signals signals;

    private static final String PARENT =
            """
            - route:
                id: %s
                from:
                  uri: task:%s
                  parameters: { maxAttempts: 1 }
                  steps:
                    - setBody: { expression: { constant: { expression: '%s' } } }
                    - unmarshal: { json: {} }
                    - doTry:
                        steps:
                          - to: { uri: task:%s, parameters: { %s } }
                        doCatch:
                          - exception: [ io.drover.task.InvalidTaskException ]
                            steps:
                              - setVariable: { name: caught, expression: { simple: { expression: "${body.size}" } } }
                              - setBody: { expression: { constant: { expression: '[{"n":1}]' } } }
                              - unmarshal: { json: {} }
                              - to: { uri: task:%s, parameters: { %s } }
                    - setBody: { expression: { simple: { expression: "${map(caught,${variable.caught},children,${body.size})}" } } }
            """;

    /** What was submitted before the refusal is the same task when it is submitted again. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"refused|[{\"n\":1},{\"n\":\"two\"}]|delay: 1h", "conflicting|[{\"n\":1},{\"n\":2}]|key: one"})
    void aListThatIsRefusedInPartMakesNoTaskTwice(String name, String list, String options) {
        String child = "child-" + name;
        FILES.write(
                child,
                """
                - route:
                    id: %s
                    from:
                      uri: task:%s
                      parameters: { inputSchema: '{"type":"object","properties":{"n":{"type":"integer"}}}' }
                      steps:
                        - log: { message: worked }
                """
                        .formatted(child, child));
        FILES.write(name, PARENT.formatted(name, name, list, child, options, child, options));
        soon().until(() -> workflows.get(child) != null && workflows.get(name) != null);

        UUID parent = submit(name);

        assertThat(output(parent)).contains("\"caught\":2", "\"children\":1");
        assertThat(count("select count(*) from task where workflow = ?", child)).isEqualTo(1);
        assertThat(count("select count(*) from call where tool = ? and state = 'SUCCEEDED'", "task:" + child))
                .isEqualTo(1);
    }

    /** A child too many, and a child of a child where one level is allowed. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "wide|[1,2,3,4]|task:lowest would be child 4 of its parent; drover.children.max-number is 3",
                "high|[1]|task:lowest would be 2 levels below the first task (high -> middle); drover.children.max-depth is 1"
            })
    void refusesChildrenBeyondTheLimits(String name, String list, String refusal) {
        awaiting("lowest", "- log: { message: worked }");
        awaiting("middle", "- to: { uri: \"task:lowest\", parameters: { await: \"true\" } }");
        awaiting(
                name,
                """
                - setBody: { expression: { constant: { expression: "%s" } } }
                - unmarshal: { json: {} }
                - to: { uri: "task:%s", parameters: { await: "true" } }
                """
                        .formatted(list, name.equals("wide") ? "lowest" : "middle"));

        UUID parent = submit(name);

        await().until(() -> hasEnded(parent));
        assertThat(queue.progress(parent).status()).isEqualTo(TaskStatus.DEAD);
        assertThat(queue.progress(parent).error()).contains(refusal);
    }

    /** Its input says the same in another way, so the parent finds its child again. */
    @Test
    void anEditThatOnlyRewritesTheInputMakesNoSecondChild() {
        String parent =
                """
                - setBody: { expression: { constant: { expression: '%s' } } }
                - to: { uri: "task:rewritten", parameters: { await: "true" } }
                - to: { uri: "wait:signal", parameters: { name: go, key: rewriting } }
                """;
        awaiting("rewritten", "- log: { message: worked }");
        awaiting("rewriting", parent.formatted("{\"a\":10,\"b\":2}"));
        UUID task = submit("rewriting");
        soon().until(() -> "SIGNAL"
                .equals(jdbc.sql("select wait_reason from task where id = ?")
                        .param(task)
                        .query(String.class)
                        .optional()
                        .orElse("")));
        String before = workflows.get("rewriting").routeId();
        awaiting("rewriting", parent.formatted("{ \"b\": 2, \"a\": 1e1 }"));
        soon().until(() -> !workflows.get("rewriting").routeId().equals(before));

        signals.send(new Signals.Send("go", "rewriting", "1", null, null, "test"))
                .join();

        assertThat(output(task)).contains("received");
        assertThat(count("select count(*) from task where workflow = ?", "rewritten"))
                .isEqualTo(1);
    }

    private void awaiting(String name, String steps) {
        FILES.write(
                name,
                """
                - route:
                    id: %s
                    from:
                      uri: task:%s
                      parameters: { maxAttempts: 1 }
                      steps:
                %s"""
                        .formatted(name, name, steps.indent(8)));
        soon().until(() -> workflows.get(name) != null);
    }

    private int count(String sql, String param) {
        return jdbc.sql(sql).param(param).query(Integer.class).single();
    }
}
