package io.drover.evaluation;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How the evaluation of a task stands. */
public enum EvaluationState {
    /** It has not begun. */
    OPEN,
    /** The evaluator's tasks are under way. */
    ASKED,
    /** Its score is at least the threshold. */
    PASSED,
    /** Its score is below the threshold; it is 0 where a check is not fulfilled. */
    FAILED,
    /** The evaluator gave no score. */
    UNKNOWN,
    /** It was not evaluated. */
    SKIPPED;

    /** As the API, the console and metrics write it. */
    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
