package io.drover.route.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.drover.Quick;
import io.drover.json.Json;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.camel.catalog.CamelCatalog;
import org.apache.camel.catalog.DefaultCamelCatalog;
import org.junit.jupiter.api.Test;

/** A step or component that a new release of Camel brings fails here until somebody has decided on it. */
@Quick
class UnawaitedTest {

    private static final CamelCatalog CATALOG = new DefaultCamelCatalog();

    /** Refused, with some options or with any. */
    private static final Set<String> REFUSED_STEPS = names(
            """
            aggregate circuitBreaker enrich idempotentConsumer intercept interceptFrom interceptSendToEndpoint kamelet loop multicast
            onCompletion onException pausable policy poll pollEnrich recipientList resequence resumable rollback saga sample split
            threads toD transacted wireTap dynamicRouter routingSlip
            """);

    /** They end in the thread of the message before it goes on, and what fails in them stays a failure. */
    private static final Set<String> AWAITED_STEPS = names(
            """
            bean choice claimCheck convertBodyTo convertHeaderTo convertVariableTo delay doCatch doFinally doTry filter from
            loadBalance log marshal onFallback otherwise pipeline process removeHeader
            removeHeaders removeProperties removeProperty removeVariable script serviceCall setBody setExchangePattern
            setHeader setHeaders setProperty setVariable setVariables sort step stop throttle throwException to tokenizer
            transform transformDataType unmarshal validate when
            """);

    /** Parts and options of other steps. */
    private static final Set<String> PARTS = names(
            """
            batchConfig customLoadBalancer failoverLoadBalancer faultToleranceConfiguration langChain4jCharacterTokenizer
            langChain4jLineTokenizer langChain4jParagraphTokenizer langChain4jSentenceTokenizer langChain4jWordTokenizer
            onWhen randomLoadBalancer resilience4jConfiguration route roundRobinLoadBalancer stickyLoadBalancer streamConfig
            topicLoadBalancer weightedLoadBalancer
            """);

    private static final Set<String> REFUSED_COMPONENTS = names("browse controlbus direct kafka saga seda stub");

    /** A producer of theirs returns when what it does is done. */
    private static final Set<String> AWAITED_COMPONENTS = names(
            """
            bean class dataformat dataset dataset-test file http https language log micrometer mock ref rest spring-event sql sql-stored
            validator xslt
            """);

    /** Nothing is sent to them. */
    private static final Set<String> SOURCES = names("master platform-http quartz rest-api scheduler timer");

    private static Set<String> names(String text) {
        return Arrays.stream(text.strip().split("\\s+")).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyStepOfCamelIsDecidedOn() {
        Set<String> undecided = new TreeSet<>();
        for (String name : CATALOG.findModelNames()) {
            JsonNode model = json(CATALOG.modelJSonSchema(name)).path("model");
            boolean isStep =
                    Arrays.asList(model.path("label").asText().split(",")).contains("eip")
                            || model.path("input").asBoolean()
                                    && !model.path("label").asText().contains("rest");
            if (isStep) {
                undecided.add(name);
            }
        }
        assertThat(undecided).contains("split", "wireTap", "onException", "transacted");
        undecided.removeAll(REFUSED_STEPS);
        undecided.removeAll(AWAITED_STEPS);
        undecided.removeAll(PARTS);
        assertThat(undecided).isEmpty();
    }

    @Test
    void everyComponentOnTheClassPathIsDecidedOn() {
        Set<String> undecided = new TreeSet<>();
        for (String name : CATALOG.findComponentNames()) {
            if (getClass().getResource("/META-INF/services/org/apache/camel/component/" + name) != null
                    && !name.startsWith("kubernetes-") // a request to the API server, which is waited for
                    && !name.startsWith("openshift-")) {
                undecided.add(name);
                if (json(CATALOG.componentJSonSchema(name))
                        .path("component")
                        .path("consumerOnly")
                        .asBoolean()) {
                    assertThat(SOURCES).contains(name);
                }
            }
        }
        assertThat(undecided).contains("seda", "kafka", "http");
        undecided.removeAll(REFUSED_COMPONENTS);
        undecided.removeAll(AWAITED_COMPONENTS);
        undecided.removeAll(SOURCES);
        assertThat(undecided).isEmpty();
    }

    @Test
    void whatIsRefusedIsInTheTable() {
        assertThat(REFUSED_STEPS).allMatch(step -> Unawaited.problem(step, UnawaitedTest::worst) != null);
        assertThat(AWAITED_STEPS).allMatch(step -> Unawaited.problem(step, UnawaitedTest::worst) == null);
        assertThat(REFUSED_COMPONENTS)
                .allMatch(scheme -> UnawaitedComponents.problem(scheme, UnawaitedTest::bad) != null);
        assertThat(AWAITED_COMPONENTS)
                .allMatch(scheme -> UnawaitedComponents.problem(scheme, UnawaitedTest::bad) == null);
    }

    private static String worst(String option) {
        return option.equals("timeout") ? "-1" : "true";
    }

    private static String bad(String option) {
        return option.equals("requestRequiredAcks") ? "0" : "false";
    }

    private static JsonNode json(String text) {
        try {
            return Json.parse(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
