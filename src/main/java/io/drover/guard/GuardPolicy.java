package io.drover.guard;

import io.drover.secret.SecretReference;
import io.drover.tool.ToolOutcome;
import io.drover.tool.ToolSpec;
import java.util.List;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.spi.Policy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a call may be made: by the holds, its arguments, the tool's switches and flag, the tools that its
 * workflow may call, the rules, and the people who have to approve it.
 * It stands behind the journal, so a recorded call is not judged again.
 * A call that may be made is recorded as begun, if it has to be.
 */
final class GuardPolicy implements Policy {

    private final ToolSpec spec;
    private final GuardProperties settings;
    private final HeldCalls holds;
    private final RuledCalls rules;
    private final TaskFlags flags;
    private final ApprovalRule approvals;
    private final PlannedCalls plans;
    private final SameEffect effects;

    GuardPolicy(
            ToolSpec spec,
            GuardProperties settings,
            JournalRepository journal,
            HeldCalls holds,
            RuledCalls rules,
            TaskFlags flags,
            ApprovalRule approvals,
            PlannedCalls plans) {
        this.spec = spec;
        this.settings = settings;
        this.holds = holds;
        this.rules = rules;
        this.flags = flags;
        this.approvals = approvals;
        this.plans = plans;
        this.effects = new SameEffect(journal, holds, approvals, rules);
    }

    @Override
    public void beforeWrap(Route route, NamedNode definition) {
        // nothing is added to the author's steps here
    }

    @Override
    public Processor wrap(Route route, Processor processor) {
        return new DelegateAsyncProcessor(processor) {
            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                GuardedCall call = Try.of(exchange).call();
                try {
                    ToolOutcome refusal = refused(call, exchange);
                    if (refusal == null) {
                        return super.process(exchange, callback);
                    }
                    call.answered(refusal);
                } catch (RuntimeException e) {
                    exchange.setException(e);
                }
                callback.done(true);
                return true;
            }
        };
    }

    /** Why the call may not be made now, or null when it has begun. */
    private @Nullable ToolOutcome refused(GuardedCall call, Exchange exchange) {
        ToolOutcome held = holds.on(call.identity());
        ToolOutcome refusal = held == null ? judge(call) : held;
        if (refusal == null) {
            refusal = flags.refusal(call);
        }
        if (refusal == null) {
            refusal = rules.refusal(call);
        }
        if (refusal == null && call.attempt().task().mode().hasNoEffect()) {
            return inDryRun(call, exchange);
        }
        if (refusal == null
                && (asks(call) || approvals.isNeeded(exchange) || call.verdict().asks())) {
            refusal = approvals.refusal(call);
            call.needsApproval();
        }
        return refusal == null ? effects.begin(call, exchange) : refusal;
    }

    private boolean asks(GuardedCall call) {
        if (!call.attempt().task().redone()) {
            return false;
        }
        String why = plans.asks(call);
        call.asksBecause(why);
        return why != null;
    }

    /** Null where it is made: it only reads, by our own word, or asks a model, and no one has to approve it. */
    private @Nullable ToolOutcome inDryRun(GuardedCall call, Exchange exchange) {
        boolean asks = approvals.isNeeded(exchange) || call.verdict().asks();
        if (!asks && Previews.isMade(spec)) {
            return effects.begin(call, exchange);
        }
        call.isNotMade(asks ? approvals.why(call, exchange) : null);
        return Previews.NOT_MADE;
    }

    /** Why the call may never be made, or null if it may. */
    private @Nullable ToolOutcome judge(GuardedCall call) {
        List<String> problems = SecretReference.isIn(call.identity().document())
                ? List.of("they hold what stands for a secret inside the process; arguments are data, so leave it out")
                : spec.arguments().problems(call.identity().arguments());
        if (!problems.isEmpty() && !call.identity().redaction().isNone()) {
            problems =
                    List.of("they do not fit its schema; which value is wrong is not said, because the tool redacts");
        }
        String reason = refusal(settings, call.attempt().task().workflow(), spec);
        if (reason == null
                && call.identity().request().isOfModel()
                && !spec.redaction().isNone()) {
            reason = "it redacts fields, and what a model asks for is recorded; call it from a workflow";
        }
        if (problems.isEmpty() && reason == null) {
            reason = call.effect().problem();
        }
        String why = problems.isEmpty() ? reason : "invalid arguments: " + String.join("; ", problems);
        if (why == null) {
            return null;
        }
        return problems.isEmpty() || isDone(call) ? never(call, why) : new ToolOutcome.InvalidArguments(problems);
    }

    /** What becomes of a call that may not be made: an earlier try may have done more than ask. */
    static ToolOutcome never(GuardedCall call, String why) {
        return isDone(call)
                ? new ToolOutcome.InDoubt(
                        "an earlier try may have taken effect, and the tool may not be called again: " + why)
                : new ToolOutcome.Refused(why);
    }

    private static boolean isDone(GuardedCall call) {
        return call.isDoubtful() && !call.spec().readOnly();
    }

    static @Nullable String refusal(GuardProperties settings, String workflow, ToolSpec tool) {
        if (!tool.enabled()) {
            return "drover.tools.%s.enabled is false".formatted(tool.name());
        }
        return settings.allows(workflow, tool.name())
                ? null
                : "drover.workflows.%s.allowed-tools does not name it".formatted(workflow);
    }
}
