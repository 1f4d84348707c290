package io.drover.rules;

import java.util.List;

/**
 * A rule as its author wrote it.
 *
 * @param why       what people and models are told, or empty
 * @param tools     names and patterns of the tools that it covers
 * @param workflows the same of workflows; empty for all
 * @param agents    the same of agents; empty for all calls, also those that no agent makes
 * @param when      a condition in CEL; empty for always
 * @param observe   whether it is only counted
 */
public record RuleText(
        String id,
        String why,
        List<String> tools,
        List<String> workflows,
        List<String> agents,
        String when,
        Ruling then,
        boolean observe) {}
