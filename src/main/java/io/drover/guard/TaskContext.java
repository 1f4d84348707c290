package io.drover.guard;

import io.drover.journal.Attempt;
import io.drover.journal.AttemptEnd;
import io.drover.journal.CallScope;
import io.drover.journal.LeaseLostException;
import io.drover.journal.PendingException;
import io.drover.journal.WaitReason;
import io.drover.json.Json;
import io.drover.tool.ToolOutcome;
import io.drover.trace.Content;
import io.drover.trace.Traced;
import io.opentelemetry.context.Context;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.SafeCopyProperty;
import org.jspecify.annotations.Nullable;

/**
 * In whose name an exchange makes calls: the attempt, and the tools as they were when it began.
 * It follows the exchange into parallel branches and sub-routes.
 * No step ({@code removeProperties}) removes it.
 *
 * @param scope   who makes its calls: the attempt, or the try of a tool that calls others
 * @param branch  which of the workflow's branches it is in
 * @param agents  in whose name its calls are made, the outer ones included
 * @param trace   the span that its calls belong to
 * @param content how much of what is said in calls stands in traces
 */
public record TaskContext(
        Attempt attempt,
        ToolRegistry.Generation tools,
        CallScope scope,
        Branch branch,
        Set<String> agents,
        Context trace,
        Content content)
        implements SafeCopyProperty {

    private static final String PROPERTY = "DroverTask";

    /** The calls belong to the span that is current. */
    public TaskContext(Attempt attempt, ToolRegistry.Generation tools) {
        this(
                attempt,
                tools,
                new CallScope(attempt.task().id(), attempt),
                Branch.root(),
                Set.of(),
                Context.current(),
                Content.NONE);
    }

    /** The same, for calls within something. */
    public TaskContext within(Traced span, Content shown) {
        return new TaskContext(attempt, tools, scope, branch, agents, span.context(), shown);
    }

    /** The same, for calls of an agent. */
    public TaskContext of(String agent) {
        Set<String> all = new TreeSet<>(agents);
        all.add(agent);
        return new TaskContext(attempt, tools, scope, branch, Set.copyOf(all), trace, content);
    }

    /** The same, for calls that one try of a call makes. */
    TaskContext within(UUID call) {
        return new TaskContext(attempt, tools, new CallScope(call, attempt), branch, agents, trace, content);
    }

    /**
     * Makes the task wait, whatever its route does, if a call can only be made later or a person must decide.
     *
     * @throws PendingException when the call waits for an approval: other branches go on
     */
    void parkFor(String tool, ToolOutcome outcome) {
        switch (outcome) {
            case ToolOutcome.Deferred deferred ->
                attempt.waitFor(
                        new AttemptEnd.Waiting(WaitReason.DELAY, deferred.delay(), error(tool, deferred.reason())));
            case ToolOutcome.Held held -> attempt.waitFor(AttemptEnd.Waiting.held(held.hold(), tool, held.reason()));
            case ToolOutcome.Awaiting awaiting ->
                attempt.waitFor(new AttemptEnd.Waiting(WaitReason.EFFECT, null, error(tool, awaiting.reason())));
            case ToolOutcome.InDoubt doubt ->
                attempt.waitFor(new AttemptEnd.Waiting(WaitReason.IN_DOUBT, null, error(tool, doubt.summary())));
            case ToolOutcome.Pending pending ->
                throw pend(new AttemptEnd.Waiting(WaitReason.APPROVAL, null, error(tool, pending.reason())));
            default -> {} // the workflow may go on without the call
        }
    }

    private static String error(String tool, String reason) {
        return Json.write(Map.of("tool", tool, "message", reason));
    }

    /** Whether the calls are those of the workflow's own steps, and not of a tool's. */
    public boolean isOfWorkflow() {
        return scope.caller().equals(attempt.task().id());
    }

    /** Makes the task wait for the result of a pending call, and this branch go no further. */
    public PendingException pend(AttemptEnd.Waiting until) {
        branch.pend();
        attempt.waitFor(until);
        return new PendingException(attempt.lease());
    }

    /** @throws LeaseLostException when this branch makes no call any more in this attempt */
    void mustGoOn(@Nullable String over) {
        if (over != null) {
            throw new AttemptOverException(attempt.lease(), over);
        }
        if (branch.isPending()) {
            throw new PendingException(attempt.lease());
        }
    }

    /** The address of its next call of a tool with these arguments. Equal calls get one address each. */
    public UUID nextAddress(String tool, String canonicalArguments) {
        return scope.nextAddress(branch.path(), tool, canonicalArguments);
    }

    /** What {@link #nextAddress} would answer; it stays the next. */
    UUID peekAddress(String tool, String canonicalArguments) {
        return scope.peekAddress(branch.path(), tool, canonicalArguments);
    }

    /** In which part of which split or multicast its calls are made; null outside of these. */
    @Nullable
    public String path() {
        return branch.path().isEmpty() ? null : branch.path();
    }

    /** The same, for as many calls beside each other: each goes on independently of the others. */
    public Supplier<TaskContext> lanes() {
        TaskContext fork = forked(null);
        return fork::safeCopy;
    }

    /** The same message, whose copies are branches beside each other. */
    TaskContext forked(@Nullable ExchangePropertyKey part) {
        return with(branch.forked(part));
    }

    @Override
    public TaskContext safeCopy() {
        return with(branch.copy());
    }

    private TaskContext with(Branch other) {
        return new TaskContext(attempt, tools, scope, other, agents, trace, content);
    }

    /** Puts this context on an exchange. */
    public void bindTo(Exchange exchange) {
        exchange.setProperty(PROPERTY, this);
        exchange.getExchangeExtension().setSafeCopyProperty(PROPERTY, this); // removeProperties does not reach it
    }

    /** The context of an exchange, or null when no task is behind it. */
    public static @Nullable TaskContext of(Exchange exchange) {
        TaskContext context = exchange.getExchangeExtension().getSafeCopyProperty(PROPERTY, TaskContext.class);
        if (context != null) {
            context.branch.at(exchange);
        }
        return context;
    }
}
