package io.drover.rules;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rule as its author wrote it.
 *
 * @param why       what people and models are told, or empty
 * @param tools     names and patterns of the tools that it covers
 * @param workflows the same of workflows; empty for all
 * @param agents    the same of agents; empty for all calls, also those that no agent makes
 * @param when      a condition in CEL; empty for always
 * @param observe   whether it is only counted
 * @param per       what its history is about, where that is no task
 */
public record RuleText(
        String id,
        String why,
        List<String> tools,
        List<String> workflows,
        List<String> agents,
        String when,
        Ruling then,
        boolean observe,
        @Nullable Per per) {

    /**
     * The calls of all tasks that have something in common.
     *
     * @param key    an expression in CEL that gives a text: calls with the same one are counted together
     * @param within how long ago a call began that is counted
     */
    public record Per(String key, Duration within) {}
}
