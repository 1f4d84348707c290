package io.drover.guard;

import io.drover.journal.ApprovalRequest;
import io.drover.journal.ApprovalRequest.Notice;
import io.drover.journal.ApprovalRequests;
import io.drover.journal.CallRecord;
import io.drover.journal.CallState;
import io.drover.journal.StandingGrant;
import io.drover.journal.StandingGrants;
import io.drover.json.Excerpt;
import io.drover.tool.Approval;
import io.drover.tool.ToolOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says which calls of a tool a person has to approve, and asks. In doubt it asks. */
final class ApprovalRule {

    private static final Logger LOG = LoggerFactory.getLogger(ApprovalRule.class);
    private static final int LONGEST_SUMMARY = 500;

    private final String tool;
    private final Approval spec;
    private final JournalRepository journal;
    private final @Nullable ArgumentTest test;
    private final @Nullable Expression summary;
    private final StandingRule standing;
    private final PlannedCalls plans;

    ApprovalRule(
            String tool,
            Approval spec,
            CamelContext context,
            JournalRepository journal,
            StandingGrants standing,
            PlannedCalls plans) {
        this.plans = plans;
        this.tool = tool;
        this.spec = spec;
        this.journal = journal;
        this.test = spec.when().contains("${") ? test(context) : null;
        this.summary = spec.summary() == null ? null : expression(context, spec.summary());
        this.standing = new StandingRule(tool, spec, context, standing);
    }

    /** Null where it cannot be evaluated, so that every call is asked about. */
    private @Nullable ArgumentTest test(CamelContext context) {
        try {
            return new ArgumentTest("tool:%s: approval '%s'".formatted(tool, spec.when()), spec.when(), context);
        } catch (RuntimeException e) {
            LOG.error("tool:{}: approval '{}' cannot be evaluated, so every call is asked about", tool, spec.when(), e);
            return null;
        }
    }

    private static Expression expression(CamelContext context, String text) {
        Expression expression = context.resolveLanguage("simple").createExpression(text);
        expression.init(context);
        return expression;
    }

    /** Whether a person has to approve the call whose arguments the exchange holds. */
    boolean isNeeded(Exchange exchange) {
        return !spec.when().equals(Approval.NEVER) && (test == null || !Boolean.FALSE.equals(test.holds(exchange)));
    }

    /** The standing grants that may cover a call that was not approved by itself; none where a rule asks. */
    List<StandingGrant.Draw> draws(GuardedCall call, Exchange exchange) {
        return call.verdict().asks() ? List.of() : standing.draws(call, exchange);
    }

    /** Why it is not even asked whether the call may be made, or null. */
    @Nullable
    ToolOutcome refusal(GuardedCall call) {
        if (call.identity().afresh()) {
            return new ToolOutcome.Refused(
                    "tool:%s needs an approval, so it cannot say what became of another call".formatted(tool));
        }
        CallRecord known = call.attempt().recorded(call.identity().address());
        boolean edited =
                known != null && known.definition() != call.identity().tool().definition();
        return call.isDoubtful() && !call.spec().readOnly() && edited
                ? new ToolOutcome.InDoubt(
                        "an earlier try may have taken effect, and the tool was edited since its approval")
                : null;
    }

    /** Asks whether the call may be made. */
    ToolOutcome.Pending ask(GuardedCall call, Exchange exchange) {
        String text = text(call, exchange);
        CallRecord known = call.attempt().recorded(call.identity().address());
        boolean pending = known != null && known.state() == CallState.PENDING;
        long id = journal.asks(
                call,
                record -> new ApprovalRequest(
                        record,
                        pending,
                        Objects.requireNonNull(call.grant()),
                        text,
                        spec.need(),
                        spec.approvers(),
                        spec.decideWithin(),
                        spec.useWithin(),
                        notices()));
        if (id != ApprovalRequests.DECIDED && call.attempt().task().redone()) {
            plans.vote(call, id);
        }
        return id == ApprovalRequests.DECIDED
                ? decidedNow()
                : new ToolOutcome.Pending("waits for approval %d%s".formatted(id, text == null ? "" : ": " + text));
    }

    /** The vote has woken the task, so its next attempt knows. */
    static ToolOutcome.Pending decidedNow() {
        return new ToolOutcome.Pending("about it was decided in this moment");
    }

    private List<Notice> notices() {
        List<Notice> notices = new ArrayList<>();
        if (spec.remind() != null) {
            notices.add(
                    new Notice("reminder", spec.remind().tool(), spec.remind().after()));
        }
        if (spec.escalate() != null) {
            notices.add(new Notice(
                    "escalation", spec.escalate().tool(), spec.escalate().after()));
        }
        return notices;
    }

    /** Why a person would be asked about a call, for a dry run, which asks no one. */
    String why(GuardedCall call, Exchange exchange) {
        String text = text(call, exchange);
        return text == null ? "approval: " + spec.when() : text;
    }

    private @Nullable String text(GuardedCall call, Exchange exchange) {
        String said = summary(exchange);
        String why = call.verdict().asks() ? call.verdict().reason() : call.asksBecause();
        if (why == null) {
            return said;
        }
        return said == null ? Excerpt.of(why, LONGEST_SUMMARY) : Excerpt.of(said + " (" + why + ")", LONGEST_SUMMARY);
    }

    private @Nullable String summary(Exchange exchange) {
        try {
            String text = summary == null ? null : summary.evaluate(exchange, String.class);
            return text == null || text.isBlank() ? null : Excerpt.of(text, LONGEST_SUMMARY);
        } catch (RuntimeException e) {
            LOG.warn("tool:{}: summary '{}' failed, so the request has none: {}", tool, spec.summary(), e.toString());
            return null;
        }
    }
}
