package io.drover.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.FaultyServer;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What no other attempt would do better ends the task, and names file and step; what is merely not there is nothing. */
class MistakenRoutesTest extends RouteFilesTestBase {

    private static int number;

    private final String id = "mistaken-" + ++number;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    - setVariable: { name: x, simple: { expression: "${body[order][note]}" } }                  | setVariable | RuntimeBeanExpressionException
                    - setVariable: { name: x, simple: { expression: "${body[list][7]}" } }                      | setVariable | RuntimeBeanExpressionException
                    - setVariable: { name: x, simple: { expression: "${body[text][7][a]}" } }                   | setVariable | RuntimeBeanExpressionException
                    - setBody: { simple: { expression: "${body.noSuchMethod('x')}" } }                          | setBody     | MethodNotFoundException
                    - choice: { when: [ { simple: { expression: "${body[order][note]} == 1" }, steps: [ { stop: {} } ] } ] } | choice | RuntimeBeanExpressionException
                    - convertBodyTo: { type: java.util.Date }                                                   | convertBodyTo | NoTypeConversionAvailableException
                    - doTry: { steps: [ { setVariable: { name: x, simple: { expression: "${body[order][note]}" } } } ], doFinally: { steps: [ { log: { message: done } } ] } } | | RuntimeBeanExpressionException
                    """)
    void endsTheTaskWithItsFirstAttempt(String steps, String step, String type) {
        workflow(steps);

        UUID task = submit(id, "{\"text\":\"t\",\"list\":[1]}");

        await().untilAsserted(() -> assertThat(row(task)).containsEntry("status", "DEAD"));
        assertThat(row(task)).containsEntry("attempt", 1).containsEntry("type", type);
        assertThat(row(task).get("message").toString())
                .contains(id + ".camel.yaml:6, route " + id, "Another attempt would fail in the same way")
                .contains(step == null ? "" : ", step " + step);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    ${body[order][note]}               | null
                    ${body[order]}                     | null
                    ${body[list][7]}                   | null
                    ${body?[order]?[note]}             | null
                    ${variable.v[order][note]}         | null
                    ${body[list][0]}                   | 1
                    ${variable.v[list][0]}             | 1
                    ${variable.v[list]}                | [1]
                    <${body[order][note]}>             | "<>"
                    <${body[list][0]}${body[a][b]}>    | "<1>"
                    """)
    void aMissingFieldOfAnArgumentIsNull(String argument, String heard) {
        FILES.write(
                "echo_" + id,
                """
                - route:
                    id: echo_%1$s
                    from:
                      uri: tool:echo_%1$s
                      parameters: { readOnlyHint: true, retries: 0, argSchema: '{"type":"object","properties":{"x":{}}}' }
                      steps:
                        - setBody: { simple: { expression: "${variable.x}" } }
                """
                        .formatted(id));
        workflow("- setVariable: { name: v, simple: { expression: \"${body}\" } }\n"
                + "- to: { uri: \"tool:echo_%s\", parameters: { arg.x: \"%s\" } }".formatted(id, argument));
        soon().until(() -> tools.current().get("echo_" + id) != null);

        assertThat(output(submit(id, "{\"text\":\"t\",\"list\":[1]}"))).isEqualTo(heard);
    }

    /** Of a tool: before it sends anything it is plain, and not tried again; after that its end is unknown. */
    @ParameterizedTest
    @CsvSource({"false, DEAD", "true, WAITING"})
    void aToolWithAMistakeIsTriedOnce(boolean sends, String status) {
        SERVER.always("/before-" + id, FaultyServer.json("{}"));
        FILES.write(
                "broken_" + id,
                """
                - route:
                    id: broken_%1$s
                    from:
                      uri: tool:broken_%1$s
                      parameters: { retries: 5, backoff: 10ms, parameter.x: string? }
                      steps:
                        %2$s
                        - setBody: { simple: { expression: "${variable.x[no][field]}" } }
                """
                        .formatted(
                                id,
                                sends
                                        ? "- to: { uri: \"{{server.url}}/before-%s\", parameters: { httpMethod: POST } }"
                                                .formatted(id)
                                        : "- log: { message: begins }"));
        workflow("- to: { uri: \"tool:broken_%s\", parameters: { arg.x: \"1\" } }".formatted(id));
        soon().until(() -> tools.current().get("broken_" + id) != null);

        UUID task = submit(id, "{}");

        await().untilAsserted(() -> assertThat(row(task)).containsEntry("status", status));
        assertThat(row(task)).containsEntry("attempt", sends ? 0 : 1);
        assertThat(SERVER.requests("/before-" + id)).hasSize(sends ? 1 : 0);
    }

    private void workflow(String steps) {
        FILES.write(
                id,
                """
                - route:
                    id: %1$s
                    from:
                      uri: task:%1$s
                      parameters: { maxAttempts: 3, backoff: 10ms }
                      steps:
                """
                                .formatted(id)
                        + steps.indent(12));
        soon().until(() -> workflows.get(id) != null);
    }

    private Map<String, Object> row(UUID task) {
        return jdbc.sql(
                        "select status, attempt, error->>'type' as type, error->>'message' as message from task where id = ?")
                .param(task)
                .query()
                .singleRow();
    }
}
