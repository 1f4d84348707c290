package io.drover.kit;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.guard.ToolInvocation;
import io.drover.json.Json;
import io.drover.kit.TestCase.Answer;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.net.ConnectException;
import java.net.SocketException;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;

/** {@code to: stand-in:<tool>} is the other side of a tool: a step that sends, as the author's own steps are. */
final class StandInComponent extends DefaultComponent {

    static final String SCHEME = "stand-in";

    /** Whether the tool's own steps run after it. */
    static final String RUNS = "DroverKitRuns";

    private final Supplier<Stage> stage;

    StandInComponent(Supplier<Stage> stage) {
        this.stage = stage;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String tool, Map<String, Object> parameters) {
        return new OtherSide(uri, this, tool);
    }

    private static final class OtherSide extends DefaultEndpoint {

        private final StandInComponent component;
        private final String tool;

        OtherSide(String uri, StandInComponent component, String tool) {
            super(uri, component);
            this.component = component;
            this.tool = tool;
        }

        @Override
        public Producer createProducer() {
            return new DefaultProducer(this) {
                @Override
                public void process(Exchange exchange) throws Exception {
                    answer(component.stage.get(), tool, exchange);
                }
            };
        }

        @Override
        public Consumer createConsumer(Processor processor) {
            throw new UnsupportedOperationException("nothing comes from a stand-in");
        }
    }

    private static void answer(Stage stage, String tool, Exchange exchange) throws Exception {
        ToolInvocation call = ToolInvocation.of(exchange);
        JsonNode arguments = call.arguments();
        JsonNode known = stage.afterTheCrash(call.idempotencyKey());
        if (known != null) {
            exchange.getMessage().setBody(Json.value(known));
            return;
        }
        Answer answer = stage.answer(tool, arguments);
        if (answer == null && stage.isMirror()) {
            exchange.getMessage().setBody(null);
            return;
        }
        if (answer == null && arguments.has("idempotencyKey")) {
            exchange.getMessage()
                    .setBody(
                            whatBecameOf(stage, arguments.path("idempotencyKey").asText()));
            return;
        }
        if (answer == null) {
            String what = "tool:%s is called with %s, and the case has no answer for that%s; add one below tools"
                    .formatted(tool, Json.canonical(arguments), stage.nearest(tool, arguments));
            stage.problem(what);
            throw new ConnectException(what);
        }
        exchange.setProperty(RUNS, answer.runs());
        if (answer.runs()) {
            return;
        }
        Fault fault = answer.fault();
        if (fault == null || fault.kind().takesEffect()) {
            stage.tookEffect(tool, call.idempotencyKey(), answer.result());
        }
        if (fault != null) {
            fail(fault, tool, exchange);
        } else {
            exchange.getMessage().setBody(Json.value(answer.result()));
        }
    }

    /** A reconcile tool without an answer says truly what the other side did. */
    private static Map<String, ?> whatBecameOf(Stage stage, String key) {
        JsonNode result = stage.resultOf(key);
        return result == null
                ? Map.of("happened", false)
                : Map.of("happened", true, "result", result.isNull() ? Map.of() : Json.value(result));
    }

    private static void fail(Fault fault, String tool, Exchange exchange) throws Exception {
        switch (fault.kind()) {
            case REFUSED -> throw new ConnectException("the test refuses the connection");
            case TIMEOUT -> throw new TimeoutException("the test lets the call time out");
            case LOST_AFTER_SEND -> throw new SocketException("the test loses the answer");
            case BREAKER_OPEN ->
                throw CallNotPermittedException.createCallNotPermittedException(CircuitBreaker.ofDefaults(tool));
            case STATUS ->
                throw new HttpOperationFailedException(
                        "http://" + tool, fault.status(), null, null, Map.of(), "the test answers so");
            case MALFORMED -> {
                exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/json");
                exchange.getMessage().setBody("{\"cut\": ");
            }
        }
    }
}
