package io.drover.api;

import io.drover.journal.CallRecord;
import io.drover.json.Recorded;
import io.drover.tool.ToolSpec;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the calls of models in a task cost. */
final class TaskCost {

    private TaskCost() {}

    /** In dollars, so far; null if no model was asked. */
    static @Nullable BigDecimal usd(List<CallRecord> calls) {
        return calls.stream()
                .filter(call -> call.tool().startsWith(ToolSpec.MODEL) && call.fallback() == null)
                .filter(call -> call.result() != null)
                .map(call -> usd(call.result()))
                .reduce(BigDecimal::add)
                .orElse(null);
    }

    static @Nullable BigDecimal sum(@Nullable BigDecimal one, @Nullable BigDecimal other) {
        return one == null || other == null ? (one == null ? other : one) : one.add(other);
    }

    private static BigDecimal usd(String answer) {
        return Recorded.tree(answer, () -> "the recorded answer of a model")
                .path("usd")
                .decimalValue();
    }
}
