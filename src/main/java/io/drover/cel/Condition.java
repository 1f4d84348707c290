package io.drover.cel;

import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.Map;
import java.util.Optional;

/** A condition in CEL, see {@link ConditionLanguage}. */
public final class Condition {

    private final CelRuntime.Program program;

    Condition(CelRuntime.Program program) {
        this.program = program;
    }

    /**
     * Whether it is true.
     *
     * @param values by the names of its language
     * @return empty where that cannot be said, as of {@code 1 / calls} where there is none, or of a field that is missing
     */
    public Optional<Boolean> holds(Map<String, ?> values) {
        try {
            return Optional.of(Boolean.TRUE.equals(program.eval(values)));
        } catch (CelEvaluationException e) {
            return Optional.empty();
        }
    }
}
