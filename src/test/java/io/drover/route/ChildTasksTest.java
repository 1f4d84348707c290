package io.drover.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.journal.TaskStatus;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tasks that a task submits, where a submission is refused or fails. */
class ChildTasksTest extends RouteFilesTestBase {

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

        await().atMost(PATIENCE).until(() -> hasEnded(parent));
        assertThat(queue.progress(parent).status()).isEqualTo(TaskStatus.DEAD);
        assertThat(queue.progress(parent).error()).contains(refusal);
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
