package io.drover.agent;

import io.drover.tool.PermanentFailure;
import io.drover.tool.TypedFailure;
import java.util.Locale;

/** An agent was stopped before it had an answer. Another attempt would end the same way. */
public class AgentStoppedException extends RuntimeException implements PermanentFailure, TypedFailure {

    /** Why. */
    public enum Reason {
        /** The model was asked as many times as allowed. */
        MAX_ITERATIONS,
        /** It called tools as many times as allowed. */
        MAX_TOOL_CALLS,
        /** It called the same tool with the same arguments and got the same result three times. */
        NO_PROGRESS,
        /** The next call of the model could cost more than is left. */
        BUDGET,
        /** Its answer did not fit the output schema, twice. */
        OUTPUT_SCHEMA,
        /**
         * What an earlier release recorded of it cannot be found again, because its definition has changed; or the
         * definition that it began with is lost.
         */
        OUTDATED,
        /** The model that it began with is not configured any more. */
        MODEL_REMOVED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Reason reason;

    AgentStoppedException(String agent, Reason reason, String detail) {
        this(reason, "agent:%s was stopped: %s: %s".formatted(agent, reason, detail));
    }

    AgentStoppedException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    @Override
    public String errorType() {
        return reason.toString();
    }

    @Override
    public boolean isPermanent() {
        return true;
    }
}
