package io.drover.kit;

import io.drover.guard.StandIn;
import io.drover.kit.TestCase.Line;
import io.drover.model.Prompt;
import io.drover.model.StandInModels;
import io.drover.tool.ToolSpec;
import java.net.ConnectException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.model.FilterDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ToDefinition;
import org.jspecify.annotations.Nullable;

/** The other sides of tools and models, as the case on the stage says, and its time. */
final class OtherSides implements StandIn, StandInModels {

    private final Supplier<Stage> stage;
    private final KitClock clock;
    private final Set<String> run;
    private final Live live;

    /** @param run the tools whose own steps run in some case */
    OtherSides(Supplier<Stage> stage, KitClock clock, Set<String> run, Live live) {
        this.stage = stage;
        this.clock = clock;
        this.run = run;
        this.live = live;
    }

    /** Models and memory are stood in for by themselves. Steps that no case runs are not there: they would connect at their start. */
    @Override
    public List<ProcessorDefinition<?>> inPlaceOf(ToolSpec spec, List<ProcessorDefinition<?>> steps) {
        String tool = spec.name();
        if (tool.startsWith(ToolSpec.MODEL) || tool.startsWith(ToolSpec.MEMORY) || live.reads() && spec.readOnly()) {
            return steps;
        }
        ToDefinition otherSide = new ToDefinition(StandInComponent.SCHEME + ":" + tool);
        if (!run.contains(tool)) {
            return List.of(otherSide);
        }
        FilterDefinition own =
                new FilterDefinition(exchange -> exchange.getProperty(StandInComponent.RUNS, false, Boolean.class));
        own.setOutputs(new ArrayList<>(steps));
        return List.of(otherSide, own);
    }

    @Override
    public void pass(Duration time) {
        clock.pass(time);
    }

    @Override
    public long nanoTime() {
        return clock.nanoTime();
    }

    @Override
    public @Nullable Said say(String model, String agent, Prompt prompt) {
        if (live.models()) {
            return null;
        }
        Line line = stage.get().line(agent);
        if (line == null) {
            String what = "agent:%s asks its model once more, and the case has no more to say; add it below agents"
                    .formatted(agent);
            stage.get().problem(what);
            stage.get().missModel();
            throw new RuntimeCamelException(new ConnectException(what));
        }
        if (line.fault() != null) {
            throw new RuntimeCamelException(failure(line.fault(), model));
        }
        return new Said(
                line.text(),
                line.calls().stream()
                        .map(call -> new Call(call.tool(), String.valueOf(call.arguments())))
                        .toList(),
                line.in(),
                line.out());
    }

    private static Exception failure(Fault fault, String model) {
        return switch (fault.kind()) {
            case REFUSED, BREAKER_OPEN -> new ConnectException("the test refuses the connection");
            case TIMEOUT, LOST_AFTER_SEND -> new SocketException("the test loses the answer");
            case MALFORMED -> new IllegalStateException("the answer of the model cannot be read");
            case STATUS ->
                new HttpOperationFailedException(
                        "http://" + model, fault.status(), null, null, Map.of(), "the test answers so");
        };
    }
}
