package io.drover.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import java.util.List;
import org.apache.camel.model.CatchDefinition;
import org.apache.camel.model.FinallyDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.StopDefinition;
import org.apache.camel.model.TryDefinition;
import org.junit.jupiter.api.Test;

/** What is looked for in the steps of a route is looked for in all of them. */
@Quick
class StepsTest {

    @Test
    void theStepsOfCatchAndFinallyAreFoundHoweverTheFileWasRead() {
        TryDefinition fromYaml = new TryDefinition();
        CatchDefinition caught = new CatchDefinition();
        StopDefinition inCatch = new StopDefinition();
        caught.setOutputs(List.of(inCatch));
        FinallyDefinition last = new FinallyDefinition();
        StopDefinition inFinally = new StopDefinition();
        last.setOutputs(List.of(inFinally));
        fromYaml.setCatchClauses(List.of(caught));
        fromYaml.setFinallyClause(last);

        List<ProcessorDefinition<?>> all = Steps.all(List.of(fromYaml));

        assertThat(all)
                .usingElementComparator((a, b) -> a == b ? 0 : 1)
                .containsExactly(fromYaml, caught, inCatch, last, inFinally);
    }
}
