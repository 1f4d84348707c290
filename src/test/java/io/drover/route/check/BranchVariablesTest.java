package io.drover.route.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.env.MockEnvironment;

/** A variable that only a copy of the message has is lost with the copy; what is said of it is what Camel does. */
@Quick
class BranchVariablesTest {

    private static final String ONE = "{ setVariable: { name: one, constant: 'is there' } }";
    private static final String OTHER = "{ setVariable: { name: other, constant: 'is there' } }";
    private static final String CAMELS = "aggregationStrategy: '#class:org.apache.camel.processor.aggregate.";

    private static final String ROUTE =
            """
            - route:
                id: some
                from:
                  uri: '%s'
                  steps:
                    - %s
                    - setBody: { simple: '${variable.one}' }
            """;

    private static final String CALLED =
            "- route: { id: %s, from: { uri: 'direct:%s', steps: [ { setVariable: { name: %s, constant: 'is there' } } ] } }";

    @TempDir
    private Path directory;

    private static String step(String text) {
        return text.replace("UseOriginal", CAMELS + "UseOriginalAggregationStrategy'")
                .replace("UseLatest", CAMELS + "UseLatestAggregationStrategy'")
                .replace("Grouped", CAMELS + "GroupedBodyAggregationStrategy'")
                .replace("ONE", ONE)
                .replace("OTHER", OTHER);
    }

    private List<Problem> problems(String step) throws Exception {
        Files.writeString(directory.resolve("some.camel.yaml"), ROUTE.formatted("task:some", step));
        for (String name : List.of("one", "other")) {
            Files.writeString(directory.resolve(name + ".camel.yaml"), CALLED.formatted(name, name, name));
        }
        return RouteValidator.standalone(new MockEnvironment()).validate(directory).problems().stream()
                .filter(problem -> problem.message().startsWith("the variable '"))
                .toList();
    }

    private static String run(String step) throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.getRegistry().bind("joinVariables", new Join());
            for (String name : List.of("one", "other")) {
                load(context, name, CALLED.formatted(name, name, name));
            }
            load(context, "some", ROUTE.formatted("direct:some", step));
            context.start();
            return context.createProducerTemplate().requestBody("direct:some", "a,b", String.class);
        }
    }

    /** As {@code io.drover.component.JoinVariables}. */
    private static final class Join implements AggregationStrategy {

        @Override
        public Exchange aggregate(Exchange joined, Exchange branch, Exchange input) {
            if (joined == null) {
                return branch;
            }
            branch.getVariables().forEach((name, value) -> {
                if (value != input.getVariable(name)) {
                    joined.setVariable(name, value);
                }
            });
            return joined;
        }

        @Override
        public Exchange aggregate(Exchange joined, Exchange branch) {
            throw new UnsupportedOperationException("Camel passes what it began with");
        }
    }

    private static void load(DefaultCamelContext context, String name, String text) throws Exception {
        PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString(name + ".camel.yaml", text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "split: { simple: '${body}', steps: [ ONE ] }",
                "split: { simple: '${body}', parallelProcessing: true, steps: [ ONE, { log: '${variable.one}' } ] }",
                "split: { simple: '${body}', UseOriginal, steps: [ ONE ] }",
                "split: { simple: '${body}', steps: [ { to: 'direct:one' } ] }",
                "split: { simple: '${body}', steps: [ { filter: { simple: '${body} != null', steps: [ ONE ] } } ] }",
                "split: { simple: '${body}', steps: [ { toD: { uri: 'direct:one', variableReceive: one } } ] }",
                "split: { simple: '${body}', steps: [ { log: \"${setVariable('one', 'there')}\" } ] }",
                "multicast: { steps: [ ONE, OTHER ] }",
                "multicast: { parallelProcessing: true, steps: [ ONE, OTHER ] }",
                "multicast: { streaming: true, steps: [ ONE, OTHER ] }",
                "multicast: { UseLatest, steps: [ ONE, OTHER ] }",
                "multicast: { UseOriginal, steps: [ OTHER, ONE ] }",
                "multicast: { steps: [ { pipeline: { steps: [ { to: { uri: 'direct:one' } } ] } }, OTHER ] }",
                "recipientList: { constant: 'direct:one,direct:other' }",
                "recipientList: { constant: 'direct:other,direct:one', UseOriginal }",
                "enrich: { constant: 'direct:one', UseOriginal }",
                "loadBalance: { topicLoadBalancer: {}, steps: [ OTHER, ONE ] }",
                "loop: { constant: '2', steps: [ { split: { simple: '${body}', steps: [ ONE ] } } ] }"
            })
    void isLost(String text) throws Exception {
        assertThat(run(step(text))).isNullOrEmpty();
        assertThat(problems(step(text))).singleElement().satisfies(problem -> {
            assertThat(problem.line()).isEqualTo(7);
            assertThat(problem.message())
                    .startsWith("the variable 'one' is not there: it is set in a branch of the "
                            + text.replaceAll("loop.*split: .*", "split: ").split(":")[0] + " in line 6");
        });
    }

    private static final String BEFORE = "setVariable: { name: one, constant: 'was there' }\n        - ";

    private static final String AFTER = "\n        - setVariable: { name: one, constant: 'is there' }";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "split: { simple: '${body}', steps: [ ONE ] }",
                "split: { simple: '${body}', UseOriginal, steps: [ ONE ] }",
                "split: { simple: '${body}', steps: [ { setVariable: { name: one, simple: '${variable.one}+' } } ] }",
                "split: { simple: '${body}', steps: [ { to: 'direct:one' } ] }",
                "split: { simple: '${body}', steps: [ { toD: { uri: 'direct:one', variableReceive: one } } ] }",
                "multicast: { steps: [ ONE, OTHER ] }",
                "multicast: { UseOriginal, steps: [ OTHER, ONE ] }",
                "recipientList: { constant: 'direct:one,direct:other' }",
                "enrich: { constant: 'direct:one', UseOriginal }",
                "loadBalance: { topicLoadBalancer: {}, steps: [ OTHER, ONE ] }",
                "loop: { constant: '2', steps: [ { split: { simple: '${body}', steps: [ ONE ] } } ] }"
            })
    void isChangedToNoAvail(String text) throws Exception {
        assertThat(run(BEFORE + step(text))).isEqualTo("was there");
        assertThat(problems(BEFORE + step(text))).singleElement().satisfies(problem -> {
            assertThat(problem.line()).isEqualTo(8);
            assertThat(problem.message())
                    .startsWith("the variable 'one' has its former value here: a branch of the "
                            + text.replaceAll("loop.*split: .*", "split: ").split(":")[0] + " in line 7 changes it");
        });
        assertThat(run(BEFORE + step(text) + AFTER)).isEqualTo("is there");
        assertThat(problems(BEFORE + step(text) + AFTER)).isEmpty();
    }

    /** A name that is used twice may be meant, so the file is loaded, and only the log and the health say so. */
    @Test
    void whatIsChangedToNoAvailIsAWarning() throws Exception {
        String text = ROUTE.formatted("task:some", BEFORE + step("split: { simple: '${body}', steps: [ ONE ] }"));
        RouteValidator validator = RouteValidator.standalone(new MockEnvironment());

        assertThat(validator.problems(directory, "some.camel.yaml", text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "split: { simple: '${body}', UseLatest, steps: [ ONE ] }",
                "split: { simple: '${body}', Grouped, steps: [ ONE ] }",
                "split: { simple: '${body}', aggregationStrategy: joinVariables, steps: [ ONE ] }",
                "multicast: { steps: [ OTHER, ONE ] }",
                "multicast: { aggregationStrategy: joinVariables, steps: [ ONE, OTHER ] }",
                "multicast: { Grouped, steps: [ ONE, OTHER ] }",
                "recipientList: { constant: 'direct:other,direct:one' }",
                "routingSlip: { constant: 'direct:one,direct:other' }",
                "enrich: { constant: 'direct:one' }",
                "loop: { constant: '2', copy: true, steps: [ ONE ] }",
                "circuitBreaker: { steps: [ ONE ] }",
                "loadBalance: { failoverLoadBalancer: {}, steps: [ ONE, OTHER ] }"
            })
    void isKept(String text) throws Exception {
        assertThat(run(step(text))).isEqualTo("is there");
        assertThat(problems(step(text))).isEmpty();
        assertThat(run(BEFORE + step(text))).isEqualTo("is there");
        assertThat(problems(BEFORE + step(text))).isEmpty();
    }

    @Test
    void isNotSeenByAnotherBranch() throws Exception {
        String text = "multicast: { aggregationStrategy: joinVariables, steps: [ ONE, { log: '${variable.one}' } ] }";

        assertThat(problems(step(text)))
                .singleElement()
                .extracting(Problem::message)
                .asString()
                .startsWith("the variable 'one' is not there: another branch of the multicast in line 6 sets it");
        assertThat(problems("loop: { constant: '2', steps: [ { " + step(text) + " } ] }"))
                .isEmpty();
    }

    /** The called route has what the place has from which it is called. */
    @Test
    void isLostForARouteThatIsCalledAfterwards() throws Exception {
        Files.writeString(
                directory.resolve("reads.camel.yaml"),
                "- route: { id: reads, from: { uri: 'direct:reads', steps: [ { log: '${variable.one}' } ] } }");
        String inside = "split: { simple: '${body}', steps: [ ONE, { to: 'direct:reads' } ] }";
        String after = "split: { simple: '${body}', steps: [ ONE ] }\n        - to: direct:reads";

        assertThat(problems(step(inside))).extracting(Problem::file).containsExactly("some.camel.yaml");
        assertThat(problems(step(after)))
                .extracting(Problem::file)
                .containsExactlyInAnyOrder("some.camel.yaml", "reads.camel.yaml");
    }

    /** Behind an alias a place of the text is in the split and behind it. */
    @Test
    void isNotJudgedWhereAnAliasRepeatsSteps() throws Exception {
        String text = "split: { simple: '${body}', steps: &steps [ ONE ] }\n        - pipeline: { steps: *steps }";

        assertThat(problems(step(text))).isEmpty();
    }
}
