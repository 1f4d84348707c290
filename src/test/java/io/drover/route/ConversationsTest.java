package io.drover.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.agent.Transcript;
import io.drover.agent.Transcript.Wanted;
import io.drover.agent.Transcripts;
import io.drover.journal.CallState;
import io.drover.journal.TaskStore;
import io.drover.local.SampleModel;
import io.drover.local.SampleModel.Call;
import io.drover.local.SampleModel.Reply;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** What agents and models said is put together again from the journal of a real task. */
class ConversationsTest extends RouteFilesTestBase {

    private static final AtomicInteger CASES = new AtomicInteger();

    @Autowired
    Transcripts transcripts;

    @Autowired
    TaskStore store;

    private final String id = "talk" + CASES.incrementAndGet();

    @Test
    void eachTurnHasWhatWasAskedForAndWhatCameOfIt() {
        tool("look_" + id, "");
        agent("", "");
        AgentEditTest.mind = request -> switch (SampleModel.toolResults(request).size()) {
            case 0 ->
                new Reply.Calls(
                        List.of(new Call("look_" + id, "{\"order\":\"o-1\"}"), new Call("unknown_" + id, "not JSON")));
            default -> new Reply.Text("It is on its way.");
        };

        UUID task = submit(id, "{\"order\":\"o-1\"}");
        output(task);
        Transcript one = only(task);

        assertThat(one.agent()).isEqualTo("helper");
        assertThat(one.model()).isEqualTo("default");
        assertThat(one.system()).isEqualTo("You help.");
        assertThat(one.tools()).containsExactly("look_" + id);
        assertThat(one.question()).as("the input of the task, as it is").isEqualTo("{\"order\":\"o-1\"}");
        assertThat(one.turns()).hasSize(2);
        assertThat(one.turns().getFirst().wanted())
                .satisfiesExactly(
                        looked -> {
                            assertThat(looked.tool()).isEqualTo("look_" + id);
                            assertThat(looked.made().state()).isEqualTo(CallState.SUCCEEDED);
                            assertThat(looked.made().result()).contains("found");
                            assertThat(looked.told()).isNull();
                        },
                        unknown -> {
                            assertThat(unknown.arguments()).isEqualTo("not JSON");
                            assertThat(unknown.made()).isNull();
                            assertThat(unknown.told()).contains("unknown_" + id);
                        });
        assertThat(one.turns().getLast().text()).isEqualTo("It is on its way.");
        assertThat(one.turns()).allSatisfy(turn -> {
            assertThat(turn.in()).isPositive();
            assertThat(turn.usd()).isPositive();
        });
    }

    /** The model has not been told about it yet. */
    @Test
    void aCallThatWaitsStandsInTheLastTurn() {
        tool("pay_" + id, "approval: always, ");
        agent("", "");
        AgentEditTest.mind = request -> new Reply.Calls(List.of(new Call("pay_" + id, "{ \"order\" : \"o-1\" }")));

        UUID task = submit(id, "{\"order\":\"o-1\"}");
        soon().until(() -> "APPROVAL"
                .equals(jdbc.sql("select coalesce(wait_reason, '') from task where id = ?")
                        .param(task)
                        .query(String.class)
                        .single()));

        Wanted wanted = only(task).turns().getFirst().wanted().getFirst();
        assertThat(wanted.made().state()).isEqualTo(CallState.PENDING);
        jdbc.sql("update task set status = 'CANCELLED', finished_at = now(), wait_reason = null where id = ?")
                .param(task)
                .update();
    }

    /** What steps made is not kept by itself, and nothing else is shown in its place. */
    @Test
    void aQuestionThatStepsMadeIsNotTheInput() {
        tool("look_" + id, "");
        agent("- setBody: { expression: { constant: { expression: 'What now?' } } }\n", "");
        AgentEditTest.mind = request -> new Reply.Text("Nothing.");

        UUID task = submit(id, "{\"order\":\"o-1\"}");
        output(task);

        assertThat(only(task).question()).isNull();
    }

    /** Two agents that are asked the same, and one that is asked twice, have a conversation each. */
    @Test
    void eachRunIsAConversation() {
        tool("look_" + id, "");
        String again = "- to: { uri: \"agent:helper\", parameters: { model: default, system: You help. } }\n";
        agent(
                "- setVariable: { name: first, expression: { simple: { expression: '${body}' } } }\n"
                        + "- multicast:\n    steps:\n" + (again + again).indent(6)
                        + "- setBody: { expression: { simple: { expression: '${variable.first}' } } }\n",
                "");
        AgentEditTest.mind = request -> new Reply.Text("Fine.");

        UUID task = submit(id, "{\"order\":\"o-1\"}");
        output(task);

        assertThat(transcripts.of(store.find(task).orElseThrow().input(), store.calls(task)))
                .hasSize(3)
                .allSatisfy(one -> assertThat(one.turns()).hasSize(1));
    }

    private Transcript only(UUID task) {
        List<Transcript> all = transcripts.of(store.find(task).orElseThrow().input(), store.calls(task));
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    private void agent(String before, String after) {
        FILES.write(
                id,
                """
                - route:
                    id: %1$s
                    from:
                      uri: task:%1$s
                      steps:
                %2$s
                        - to: { uri: agent:helper, parameters: { model: default, system: You help., tools: %1$s } }
                %3$s
                """
                        .formatted(
                                id,
                                before.indent(8).stripTrailing(),
                                after.indent(8).stripTrailing()));
        soon().until(() -> workflows.get(id) != null);
    }

    private void tool(String name, String more) {
        FILES.write(
                name,
                """
                - route:
                    id: %1$s
                    from:
                      uri: tool:%1$s
                      parameters: { description: A tool, tags: %2$s, parameter.order: string, %3$sreadOnlyHint: true }
                      steps:
                        - setBody: { expression: { simple: { expression: '${map(found,true)}' } } }
                """
                        .formatted(name, id, more));
        soon().until(() -> tools.current().get(name) != null);
    }
}
