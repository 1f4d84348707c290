package io.drover.evaluation;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Hears of each evaluation that this process ends. */
public interface EvaluationListener {

    /** @param score null where none was given */
    void evaluated(String workflow, int version, EvaluationState state, @Nullable BigDecimal score);
}
