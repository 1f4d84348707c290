package io.drover.guard;

import io.drover.journal.Attempt;
import io.drover.journal.CallRecord;
import io.drover.json.Recorded;
import io.drover.tool.ToolSpec;
import java.math.BigDecimal;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the calls of models in a task cost. */
public final class ModelCost {

    private ModelCost() {}

    /** In dollars, so far; null if no model was asked. */
    public static @Nullable BigDecimal usd(Stream<CallRecord> calls) {
        return calls.filter(call -> call.tool().startsWith(ToolSpec.MODEL) && call.fallback() == null)
                .filter(call -> call.result() != null)
                .map(call -> usd(String.valueOf(call.result())))
                .reduce(BigDecimal::add)
                .orElse(null);
    }

    /** The same of a task that is under way; zero if no model was asked. */
    static BigDecimal usd(Attempt attempt) {
        BigDecimal usd = usd(Stream.concat(attempt.recordedOf(ToolSpec.MODEL), attempt.forgotten()));
        return usd == null ? BigDecimal.ZERO : usd;
    }

    private static BigDecimal usd(String answer) {
        return Recorded.tree(answer, () -> "the recorded answer of a model")
                .path("usd")
                .decimalValue();
    }
}
