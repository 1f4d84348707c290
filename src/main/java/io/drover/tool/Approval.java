package io.drover.tool;

import static java.util.Objects.requireNonNullElse;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The approval of a tool's calls by people.
 *
 * @param when         {@code always}, {@code never}, or a Simple predicate over the arguments
 * @param need         the number of people who have to approve
 * @param approvers    the users who may; empty for all with the role
 * @param decideWithin how long a call waits for the decision, or null for ever
 * @param useWithin    how long after the decision the call may begin, or null for ever
 * @param summary      what an approver reads first, in the Simple language, or null
 * @param remind       what is called when it has waited for some time, or null
 * @param escalate     the same, to tell others
 */
public record Approval(
        String when,
        int need,
        Set<String> approvers,
        @Nullable Duration decideWithin,
        @Nullable Duration useWithin,
        @Nullable String summary,
        @Nullable Notice remind,
        @Nullable Notice escalate) {

    public static final String ALWAYS = "always";
    public static final String NEVER = "never";

    /** A tool that is called once, when a call has waited that long. */
    public record Notice(String tool, Duration after) {

        private static @Nullable Notice of(@Nullable String uri, @Nullable Duration after) {
            return uri == null || after == null ? null : new Notice(uri.strip().substring(TOOL.length()), after);
        }
    }

    static final String TOOL = "tool:";

    /** What an approval depends on beside the call: when it is needed, and by whom. Equal rules have equal texts. */
    public String rule() {
        return String.join("\n", when, Integer.toString(need), String.join(",", new TreeSet<>(approvers)));
    }

    static Approval of(ToolOptions options) {
        String names = requireNonNullElse(options.approvers, "");
        return new Approval(
                requireNonNullElse(options.approval, NEVER).strip(),
                requireNonNullElse(options.need, 1),
                names.isBlank() ? Set.of() : Set.of(names.strip().split("\\s*,\\s*")),
                options.decideWithin,
                options.useWithin,
                options.summary,
                Notice.of(options.remind, options.remindAfter),
                Notice.of(options.escalate, options.escalateAfter));
    }
}
