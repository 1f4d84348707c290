package io.drover.guard;

import io.drover.journal.ApprovalRequest;
import io.drover.journal.ApprovalRequests;
import io.drover.journal.CallRecord;
import io.drover.journal.CallState;
import io.drover.json.Excerpt;
import io.drover.tool.ToolOutcome;
import io.drover.tool.ToolSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.Predicate;
import org.apache.camel.spi.Language;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says which calls of a tool a person has to approve, and asks. In doubt it asks. */
final class ApprovalRule {

    private static final Logger LOG = LoggerFactory.getLogger(ApprovalRule.class);
    private static final int LONGEST_SUMMARY = 500;

    private final String tool;
    private final ToolSpec.Approval spec;
    private final JournalRepository journal;
    private final @Nullable Predicate predicate;
    private final List<Expression> values = new ArrayList<>();
    private final @Nullable Expression summary;

    ApprovalRule(String tool, ToolSpec.Approval spec, CamelContext context, JournalRepository journal) {
        this.tool = tool;
        this.spec = spec;
        this.journal = journal;
        Language simple = context.resolveLanguage("simple");
        this.predicate = spec.when().contains("${") ? predicate(simple, context) : null;
        this.summary = spec.summary() == null ? null : expression(simple, context, spec.summary());
    }

    /** Null where it cannot be evaluated, so that every call is asked about. */
    private @Nullable Predicate predicate(Language simple, CamelContext context) {
        try {
            Predicate parsed = simple.createPredicate(spec.when());
            parsed.init(context);
            for (String text : SimpleValues.of(spec.when())) {
                values.add(Objects.requireNonNull(expression(simple, context, text)));
            }
            return parsed;
        } catch (RuntimeException e) {
            LOG.error("tool:{}: approval '{}' cannot be evaluated, so every call is asked about", tool, spec.when(), e);
            return null;
        }
    }

    private @Nullable Expression expression(Language simple, CamelContext context, String text) {
        Expression expression = simple.createExpression(text);
        expression.init(context);
        return expression;
    }

    /** Whether a person has to approve the call whose arguments the exchange holds. */
    boolean isNeeded(Exchange exchange) {
        if (spec.when().equals(ToolSpec.Approval.NEVER)) {
            return false;
        }
        if (predicate == null) {
            return true;
        }
        try {
            return values.stream().anyMatch(value -> isMissing(value.evaluate(exchange, Object.class)))
                    || predicate.matches(exchange);
        } catch (RuntimeException e) {
            LOG.warn("tool:{}: approval '{}' failed, so the call is asked about: {}", tool, spec.when(), e.toString());
            return true;
        }
    }

    private static boolean isMissing(@Nullable Object value) {
        return value == null || value.equals("");
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
                        spec.useWithin()));
        return new ToolOutcome.Pending(
                id == ApprovalRequests.DECIDED
                        ? "about it was decided in this moment"
                        : "waits for approval %d%s".formatted(id, text == null ? "" : ": " + text));
    }

    private @Nullable String text(GuardedCall call, Exchange exchange) {
        String said = summary(exchange);
        if (!RedoneTask.asks(call)) {
            return said;
        }
        return said == null ? RedoneTask.WHY : Excerpt.of(said + " (" + RedoneTask.WHY + ")", LONGEST_SUMMARY);
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
