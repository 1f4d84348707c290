package io.drover.guard;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.CircuitBreakerDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.TryDefinition;

/** The steps of a route, with those inside of others, wherever Camel's model keeps them. */
public final class Steps {

    private Steps() {}

    /** The steps and all that are inside of them. */
    public static List<ProcessorDefinition<?>> all(List<ProcessorDefinition<?>> steps) {
        List<ProcessorDefinition<?>> all = new ArrayList<>();
        steps.forEach(step -> collect(step, all));
        return all;
    }

    private static void collect(ProcessorDefinition<?> step, List<ProcessorDefinition<?>> all) {
        all.add(step);
        step.getOutputs().forEach(inner -> collect(inner, all));
        if (step instanceof ChoiceDefinition choice) {
            choice.getWhenClauses().forEach(when -> when.getOutputs().forEach(inner -> collect(inner, all)));
            if (choice.getOtherwise() != null) {
                choice.getOtherwise().getOutputs().forEach(inner -> collect(inner, all));
            }
        } else if (step instanceof CircuitBreakerDefinition breaker && breaker.getOnFallback() != null) {
            breaker.getOnFallback().getOutputs().forEach(inner -> collect(inner, all));
        } else if (step instanceof TryDefinition attempt) { // read from YAML, it has them beside its steps
            Stream.concat(
                            Stream.ofNullable(attempt.getCatchClauses()).flatMap(List::stream),
                            Stream.ofNullable(attempt.getFinallyClause()))
                    .filter(clause -> !attempt.getOutputs().contains(clause))
                    .forEach(clause -> collect(clause, all));
        }
    }
}
