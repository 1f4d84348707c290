package io.drover.route.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every spelling in which Camel, or somebody in a hurry, says where a route's messages come from. */
@Quick
class RouteKindTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tool:charge",
                "tool://charge",
                " tool:charge ",
                "tool:charge?timeout=3s&description=from kafka:orders",
                "tool:{{which}}",
                "tool",
                "TOOL:charge",
                "master:lease:tool:charge"
            })
    void aTool(String from) {
        assertThat(RouteKind.of(from)).isEqualTo(RouteKind.TOOL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"task:refund", "task://refund?priority=9", "task", "Task:refund", "task:"})
    void aWorkflow(String from) {
        assertThat(RouteKind.of(from)).isEqualTo(RouteKind.WORKFLOW);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "direct:inner",
                "direct://inner",
                "seda:inner?size=10",
                "seda",
                "agent:triage",
                "master:lease:direct:inner",
                "",
                "{{source}}",
                "{{kind}}:charge",
                "not an endpoint",
                ":charge"
            })
    void stepsOfOtherRoutesOrNothingThatIsLoaded(String from) {
        assertThat(RouteKind.of(from)).isEqualTo(RouteKind.INNER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kafka:orders",
                "kafka://orders?groupId=tool:x",
                "kafka",
                "master:lease:kafka:orders",
                "master://lease:kafka:orders",
                "master:lease",
                "kamelet:tool:x",
                "kamelet:aws-sqs-source",
                "platform-http:/hook/tool:x",
                "rest:get:orders",
                "timer:tick",
                "quartz:task?cron=0+0+3+*+*+?",
                "stub:none",
                "toolbox:x",
                "tasks:x",
                "direct-vm:x"
            })
    void aTrigger(String from) {
        assertThat(RouteKind.of(from)).isEqualTo(RouteKind.TRIGGER);
    }

    @Test
    void isLoadedBeforeWhatBringsWorkToIt() {
        assertThat(RouteKind.values())
                .containsExactly(RouteKind.TOOL, RouteKind.WORKFLOW, RouteKind.INNER, RouteKind.TRIGGER);
        assertThat(RouteKind.values())
                .filteredOn(RouteKind::isShared)
                .containsExactly(RouteKind.TOOL, RouteKind.WORKFLOW);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tool:charge            | tool  | charge     | ''  | tool:charge",
                "tool://charge?a=b?c    | tool  | charge     | a=b?c | tool:charge",
                "master:l:kafka:t?x=1   | kafka | t          | x=1 | kafka:t",
                "master:a:master:b:kafka:t | kafka | t       | ''  | kafka:t",
                "master:l               | master | l         | ''  | master:l",
                "sql:select 1 where a = ':b' | sql | select 1 where a = ':b' | '' | sql:select 1 where a = ':b'",
                "{{server.url}}/x?y=z   | ''    | {{server.url}}/x | y=z | {{server.url}}/x",
                "kafka                  | ''    | kafka      | ''  | kafka",
            })
    void anEndpointsUriIsTakenApart(String uri, String scheme, String path, String query, String whole) {
        EndpointUri parts = EndpointUri.of(uri);

        assertThat(parts).isEqualTo(new EndpointUri(scheme, path, query)).hasToString(whole);
    }

    @Test
    void whatAFileIsIsToldByWhatItsPlaceholdersStandFor() {
        Yaml root = Yaml.parse("- route: { from: { uri: '{{source}}', parameters: { topic: orders } } }");

        RouteSource source = RouteSource.of("x.camel.yaml", root, text -> text.replace("{{source}}", "kafka:orders"));

        assertThat(source.kind()).isEqualTo(RouteKind.TRIGGER);
        assertThat(source.from()).hasToString("kafka:orders");
    }

    @Test
    void aUriWhosePathIsAParameterIsOfItsComponentsKind() {
        Yaml root = Yaml.parse("- route: { from: { uri: kafka, parameters: { topic: orders } } }");

        RouteSource source = RouteSource.of("x.camel.yaml", root, text -> text);

        assertThat(source.kind()).isEqualTo(RouteKind.TRIGGER);
    }

    @Test
    void aFileWithoutARouteIsNoTrigger() {
        assertThat(RouteSource.of("x.camel.yaml", null, text -> text).kind()).isEqualTo(RouteKind.INNER);
    }
}
