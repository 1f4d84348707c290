package io.drover.api;

import io.drover.api.StandingGrantController.Request;
import io.drover.guard.GuardedTool;
import io.drover.journal.StandingGrants;
import io.drover.tool.Approval;
import io.drover.tool.ArgumentCondition;
import io.drover.who.Actor;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** What a standing grant may be: it has an end, a number, and it is given by somebody who could approve each of its calls. */
final class StandingGrantRules {

    private static final int MOST_CALLS = 10_000;
    private static final int LONGEST_REASON = 500;
    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(90);
    private static final BigDecimal MOST_SUM = new BigDecimal("1000000000000");
    private static final int MOST_DECIMALS = 12;

    private StandingGrantRules() {}

    /** @throws ProblemException when it is none */
    static StandingGrants.Request checked(Request request, @Nullable GuardedTool tool, Actor who) {
        if (tool == null) {
            throw ProblemException.badField("$.tool", request.tool(), "is not loaded", "the name of a tool");
        }
        approver(tool.spec().approval(), tool.spec().name(), who);
        condition(request.condition(), tool);
        Integer calls = request.calls();
        if (calls == null || calls < 1 || calls > MOST_CALLS) {
            throw ProblemException.badField("$.calls", calls, "is missing or out of range", "1 to " + MOST_CALLS);
        }
        sum(request, tool);
        String reason = request.reason() == null ? "" : request.reason().strip();
        if (reason.isEmpty()
                || reason.length() > LONGEST_REASON
                || reason.codePoints()
                        .anyMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE)) {
            throw ProblemException.badField(
                    "$.reason", null, "is missing, too long, or not plain text", "text of 1 to 500 characters");
        }
        return new StandingGrants.Request(
                tool.spec().name(),
                tool.definition(),
                request.condition(),
                calls,
                request.sumOf(),
                request.sum(),
                lasting(request.lasting()),
                reason);
    }

    private static void approver(Approval approval, String tool, Actor who) {
        if (approval.when().equals(Approval.NEVER)) {
            throw ProblemException.badField("$.tool", tool, "asks for no approval", "a tool with an approval");
        }
        if (approval.need() > 1) {
            throw ProblemException.badField(
                    "$.tool",
                    tool,
                    "needs the approval of %d people, and one person cannot give it for them"
                            .formatted(approval.need()),
                    "a tool with need: 1");
        }
        if (!approval.approvers().isEmpty() && !approval.approvers().contains(who.name())) {
            throw ProblemException.of(
                    HttpStatus.FORBIDDEN,
                    "may-not-vote",
                    "%s is none of the approvers of tool:%s".formatted(who.name(), tool));
        }
    }

    private static void condition(@Nullable String condition, GuardedTool tool) {
        if (condition != null) {
            Set<String> declared = new TreeSet<>();
            tool.spec().arguments().schema().path("properties").fieldNames().forEachRemaining(declared::add);
            String problem = ArgumentCondition.problem(condition, declared);
            if (problem != null) {
                throw ProblemException.badField("$.when", condition, problem, ArgumentCondition.ACCEPTED);
            }
        }
    }

    private static void sum(Request request, GuardedTool tool) {
        BigDecimal sum = request.sum();
        if ((request.sumOf() == null) != (sum == null)) {
            throw ProblemException.badField(
                    sum == null ? "$.sum" : "$.sumOf", null, "is missing", "both sumOf and sum, or neither");
        }
        if (sum == null || request.sumOf() == null) {
            return;
        }
        String type = tool.spec()
                .arguments()
                .schema()
                .path("properties")
                .path(request.sumOf())
                .path("type")
                .asText();
        if (!Set.of("number", "integer").contains(type)) {
            throw ProblemException.badField(
                    "$.sumOf",
                    request.sumOf(),
                    "is no number of this tool",
                    "an argument of the type number or integer");
        }
        if (sum.signum() <= 0 || sum.compareTo(MOST_SUM) > 0 || sum.scale() > MOST_DECIMALS) {
            throw ProblemException.badField(
                    "$.sum",
                    null,
                    "is out of range",
                    "more than 0, up to %s, with at most %d decimals".formatted(MOST_SUM, MOST_DECIMALS));
        }
    }

    private static Duration lasting(@Nullable String text) {
        Duration lasting;
        try {
            lasting = text == null ? Duration.ZERO : TimeText.parse(text);
        } catch (IllegalArgumentException e) {
            lasting = Duration.ZERO;
        }
        if (lasting.compareTo(SHORTEST) < 0 || lasting.compareTo(LONGEST) > 0) {
            throw ProblemException.badField(
                    "$.for",
                    text,
                    "is missing, without a unit or out of range",
                    "a time between 1 m and 90 days, as in 8h or 7d");
        }
        return lasting;
    }
}
