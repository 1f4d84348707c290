package io.drover.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.drover.journal.CallRecord;
import io.drover.journal.memory.MemoryJournal.Seen;
import io.drover.json.Digest;
import io.drover.kit.CaseRun.Ran;
import io.drover.shadow.Difference;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** New files over the journals of old tasks. */
class BacktestTest {

    private static final String WORKFLOW =
            """
            - route:
                id: order
                from:
                  uri: task:order
                  parameters: { maxAttempts: 1 }
                  steps:
                    - to: { uri: tool:look, parameters: { arg.id: "${body[id]}" }, variableReceive: seen }
                    - to: { uri: tool:pay, parameters: { arg.id: "${body[id]}" }, variableReceive: paid }
                    - to: { uri: wait:signal, parameters: { name: done, key: "${body[id]}", timeout: 1h }, variableReceive: end }
                    - setBody: { simple: { expression: "${map(seen,${variable.seen[name]},paid,${variable.paid[by]})}" } }
            """;

    private static final String TOOL =
            """
            - route:
                id: %1$s
                from:
                  uri: tool:%1$s
                  parameters: { parameter.id: string %2$s }
                  steps: [ { to: { uri: "http://nowhere.example/%1$s", parameters: { httpMethod: POST } } } ]
            """;

    private static final String CASES =
            """
            workflow: order
            tools:
              look: { result: { name: Ada } }
              pay: { result: { by: card } }
            cases:
              - { name: one, input: { id: o-1 }, signals: [ { name: done, key: o-1 } ] }
              - { name: two, input: { id: o-2 } }
            """;

    @TempDir
    Path routes;

    @BeforeEach
    void write() throws IOException {
        write("order.camel.yaml", WORKFLOW);
        write("look.camel.yaml", TOOL.formatted("look", ", readOnlyHint: true"));
        write("find.camel.yaml", TOOL.formatted("find", ", readOnlyHint: true"));
        write("pay.camel.yaml", TOOL.formatted("pay", ""));
    }

    @Test
    void theSameFilesDoTheSame() throws Exception {
        Backtest.Report report = Backtest.run(routes, List.of(), past(), null);

        assertThat(report.compared()).isEqualTo(2);
        assertThat(report.isSame()).isTrue();
        assertThat(report.groups())
                .extracting(Backtest.Group::difference, Backtest.Group::tasks)
                .containsExactly(tuple(Difference.NONE, 2));
        assertThat(report.pastUsd()).isEqualByComparingTo(BigDecimal.ZERO);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    tool:look, parameters: { arg.id: "${body[id]}" } | tool:look, parameters: { arg.id: "x${body[id]}" } | ARGUMENTS | look
                    tool:look, parameters                            | tool:find, parameters                             | EXTRA     | find
                    tool:pay, parameters: { arg.id: "${body[id]}" }  | tool:pay, parameters: { arg.id: "x${body[id]}" }  | ARGUMENTS | pay
                    name: done                                       | name: gone                                        | ARGUMENTS | wait:signal
                    map(seen,                                        | map(saw,                                          | OUTPUT    |
                    ${variable.paid[by]}                             | ${variable.paid[by].size().x}                     | OUTCOME   |
                    """)
    void whatIsOtherIsSaid(String from, String to, Difference difference, String tool) throws Exception {
        List<PastTask> past = past();
        assertThat(WORKFLOW).contains(from);
        write("order.camel.yaml", WORKFLOW.replace(from, to));

        Backtest.Report report = Backtest.run(routes, List.of(), past, null);

        assertThat(report.isSame()).isFalse();
        assertThat(report.groups()).singleElement().satisfies(group -> {
            assertThat(group.difference()).isEqualTo(difference);
            assertThat(group.tool()).isEqualTo(tool);
            assertThat(group.tasks()).isEqualTo(2);
        });
    }

    @Test
    void aCallThatIsNotMadeIsMissing() throws Exception {
        List<PastTask> past = past();
        write(
                "order.camel.yaml",
                WORKFLOW.lines()
                        .filter(line -> !line.contains("tool:pay"))
                        .reduce("", (all, line) -> all + line + "\n")
                        .replace("${variable.paid[by]}", "card"));

        assertThat(Backtest.run(routes, List.of(), past, null).groups())
                .singleElement()
                .satisfies(group -> {
                    assertThat(group.difference()).isEqualTo(Difference.MISSING);
                    assertThat(group.tool()).isEqualTo("pay");
                });
    }

    @Test
    void anInputThatIsNotTakenIsRefused() throws Exception {
        List<PastTask> past = past();
        write("order.json", "{\"type\":\"object\",\"required\":[\"amount\"]}");
        write("order.camel.yaml", WORKFLOW.replace("maxAttempts: 1", "inputSchema: order.json"));

        assertThat(Backtest.run(routes, List.of(), past, null).groups())
                .singleElement()
                .satisfies(group -> {
                    assertThat(group.difference()).isEqualTo(Difference.REFUSED);
                    assertThat(group.reason()).contains("amount");
                });
    }

    /** With encryption the addresses of calls are made with a key that the files do not have. */
    @Test
    void callsWhoseAddressesHaveAKeyAreFoundByTheirContent() throws Exception {
        List<PastTask> keyed = past().stream()
                .map(task -> PastTask.of(
                        task,
                        task.calls().stream()
                                .map(call -> call.at(
                                        Digest.uuid("a key", call.address().toString())))
                                .toList()))
                .toList();

        assertThat(Backtest.run(routes, List.of(), keyed, null).isSame()).isTrue();
    }

    /** What a running Drover would show of them. */
    private List<PastTask> past() throws Exception {
        write("order.test.yaml", CASES);
        try (TestKit kit = TestKit.open(routes, List.of(), Set.of(), Live.NOTHING)) {
            return TestFile.below(routes).getFirst().cases().stream()
                    .map(script -> past(kit.play(script, 0, false)))
                    .toList();
        }
    }

    private static PastTask past(Ran ran) {
        Seen task = ran.tasks().getFirst();
        List<CallRecord> calls = task.calls();
        return new PastTask(
                task.id(),
                task.workflow(),
                task.key(),
                null,
                Instant.parse("2026-01-05T09:00:00Z"),
                task.input(),
                task.output(),
                calls);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(routes.resolve(name), text);
    }
}
