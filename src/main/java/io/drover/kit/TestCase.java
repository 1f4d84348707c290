package io.drover.kit;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.journal.Mode;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One case of a test file.
 *
 * @param line     of the file
 * @param version  of the workflow, or null for the current one
 * @param key      of the task, or null
 * @param now      when it begins
 * @param tools    what the other side of each tool answers: the first that matches, and is not used up
 * @param agents   what the model says to each agent, in order
 * @param people   how people vote about the calls of each tool
 * @param crash    whether it is run again for each write, after which its worker dies
 */
record TestCase(
        String name,
        int line,
        String workflow,
        @Nullable Integer version,
        @Nullable String key,
        Mode mode,
        @Nullable String submittedBy,
        JsonNode input,
        Instant now,
        Map<String, List<Answer>> tools,
        Map<String, List<Line>> agents,
        Map<String, Vote> people,
        List<Sent> signals,
        boolean crash,
        Expected expected) {

    /**
     * What the other side of a tool answers.
     *
     * @param when   the arguments that it is for, as far as they matter; null for all
     * @param times  how many calls it answers
     * @param result what the tool returns
     * @param fault  what happens instead, or null
     * @param runs   whether the tool's own steps run instead
     */
    record Answer(@Nullable JsonNode when, int times, JsonNode result, @Nullable Fault fault, boolean runs) {}

    /** What a model says once. @param fault what happens instead, or null */
    record Line(@Nullable String text, List<Call> calls, long in, long out, @Nullable Fault fault) {}

    /** A call that a model asks for, or that is expected. @param arguments null for any */
    record Call(String tool, @Nullable JsonNode arguments) {}

    /** How a person votes. @param approves null where the person does not @param after how long after the question */
    record Vote(@Nullable Boolean approves, String by, @Nullable String reason, Duration after) {}

    /** A signal. @param after how long after the beginning */
    record Sent(String name, String key, JsonNode body, Duration after) {}

    /**
     * What is expected.
     *
     * @param outcome    the task's status, or null for any
     * @param waits      why it waits, or null for any reason
     * @param output     what the output holds at least, or null
     * @param error      a text that the error holds, or null
     * @param calls      these are made, in this order; others may be made between them
     * @param never      these are not made
     * @param number     how often these are made
     * @param maxCostUsd what the models cost at most, or null
     */
    record Expected(
            @Nullable String outcome,
            @Nullable String waits,
            @Nullable JsonNode output,
            @Nullable String error,
            List<Call> calls,
            List<String> never,
            Map<String, Integer> number,
            @Nullable BigDecimal maxCostUsd) {}
}
