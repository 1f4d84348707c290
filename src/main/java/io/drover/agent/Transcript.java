package io.drover.agent;

import io.drover.journal.CallRecord;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The conversation of an agent with its model, as the journal of its task holds it.
 *
 * @param run      counts equal runs of the agent in the task, from 1
 * @param model    below {@code drover.models}
 * @param system   what it is told to be and do; null where it is told nothing, or the definition is gone
 * @param tools    that it was offered
 * @param question the JSON document that it was asked to work on; null where that is not kept, because steps before it made it
 */
public record Transcript(
        String agent,
        int run,
        String model,
        @Nullable String system,
        List<String> tools,
        @Nullable String question,
        List<Turn> turns) {

    public Transcript {
        tools = List.copyOf(tools);
        turns = List.copyOf(turns);
    }

    /**
     * A question to the model, and what came of it.
     *
     * @param asked the call of the model
     * @param text  what it said, or null
     * @param in    tokens of the prompt
     * @param out   tokens of the answer
     */
    public record Turn(
            CallRecord asked, @Nullable String text, List<Wanted> wanted, long in, long out, BigDecimal usd) {

        public Turn {
            wanted = List.copyOf(wanted);
        }
    }

    /**
     * A call that the model asked for.
     *
     * @param arguments what it wrote, JSON or not
     * @param made      the call; null where it was not made
     * @param told      what the model was told in the place of a result, or null
     */
    public record Wanted(String tool, String arguments, @Nullable CallRecord made, @Nullable String told) {}
}
