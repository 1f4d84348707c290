package io.drover.rules;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/** What a task has done before the call about which rules are asked. */
public interface TaskHistory {

    /** A task that has done nothing. */
    TaskHistory NONE = new TaskHistory() {

        @Override
        public BigDecimal cost() {
            return BigDecimal.ZERO;
        }

        @Override
        public Collection<Earlier> calls(String tool) {
            return List.of();
        }
    };

    /**
     * One call.
     *
     * @param arguments  an object
     * @param isUnderWay whether it is not known yet if it takes effect
     */
    record Earlier(Supplier<JsonNode> arguments, boolean isUnderWay) {}

    /** What its models have cost, in dollars. */
    BigDecimal cost();

    /** Its calls of a tool that took effect, may have, or are under way. */
    Collection<Earlier> calls(String tool);
}
