package io.drover.guard;

import io.drover.journal.Approvals;
import io.drover.journal.Attempt;
import io.drover.journal.CallRecord;
import io.drover.journal.CallState;
import io.drover.journal.Executions;
import io.drover.journal.Executions.Child;
import io.drover.journal.Executions.Execution;
import io.drover.journal.Executions.Planned;
import io.drover.who.Actor;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The calls of a live task that executes the plan of a dry run. Those in the plan are made, each as often as it stands
 * there, and count as approved by the person who had the plan executed; a person is asked about any other.
 */
@Component
public class PlannedCalls {

    private static final String WHY = "the plan that the task executes does not hold this call";

    private final Executions executions;
    private final Approvals approvals;
    private final Map<Attempt, Optional<Plan>> plans = Collections.synchronizedMap(new WeakHashMap<>());

    PlannedCalls(Executions executions, Approvals approvals) {
        this.executions = executions;
        this.approvals = approvals;
    }

    /** What a plan allows, and which calls have had it. */
    private static final class Plan {

        private final Execution execution;
        private final Map<Planned, Integer> allowed = new HashMap<>();
        private final Map<Planned, Set<UUID>> taken = new HashMap<>();
        private @Nullable Map<Child, Queue<UUID>> children;

        Plan(Execution execution, List<Planned> calls, Attempt attempt) {
            this.execution = execution;
            calls.forEach(call -> allowed.merge(call, 1, Integer::sum));
            attempt.recordedOf("").forEach(call -> takes(new Planned(call.tool(), call.arguments()), call.address()));
        }

        synchronized boolean takes(Planned call, UUID address) {
            Set<UUID> addresses = taken.computeIfAbsent(call, one -> new HashSet<>());
            return addresses.contains(address)
                    || addresses.size() < allowed.getOrDefault(call, 0) && addresses.add(address);
        }

        /** Keeps which plan the child executes, so a later attempt finds it again. */
        synchronized boolean takes(Executions executions, Child child, UUID task) {
            if (executions.ofTask(task) != null) {
                return true;
            }
            children = children == null ? executions.children(execution.plan()) : children;
            Queue<UUID> plans = children.get(child);
            UUID plan = plans == null ? null : plans.poll();
            if (plan != null) {
                executions.keepChild(execution, plan, task);
            }
            return plan != null;
        }
    }

    /** Whether the attempt's task executes a plan. */
    public boolean isPlanned(Attempt attempt) {
        return plan(attempt) != null;
    }

    /** Whether a step other than a call may be done: it stands in the plan, or the task executes none. */
    public boolean allows(Attempt attempt, String step, String document, UUID address) {
        Plan plan = plan(attempt);
        return plan == null || plan.takes(new Planned(step, document), address);
    }

    /**
     * Whether a child may be submitted: it executes the plan of an equal child of the dry run, or its parent executes none.
     *
     * @param task its id
     */
    public boolean allows(Attempt attempt, Child child, UUID task) {
        Plan plan = plan(attempt);
        return plan == null || plan.takes(executions, child, task);
    }

    /** Only a task that is marked as redone may execute one, so no other asks the database. */
    private @Nullable Plan plan(Attempt attempt) {
        return attempt.task().redone()
                ? plans.computeIfAbsent(attempt, this::read).orElse(null)
                : null;
    }

    private Optional<Plan> read(Attempt attempt) {
        Execution execution = executions.ofTask(attempt.task().id());
        return execution == null
                ? Optional.empty()
                : Optional.of(new Plan(execution, executions.calls(execution.plan()), attempt));
    }

    /** Why a person has to approve a call of a task that was redone or executes a plan, though no tool or rule says so. */
    @Nullable
    String asks(GuardedCall call) {
        Plan plan = plan(call.attempt());
        if (plan == null) {
            return RedoneTask.asks(call) ? RedoneTask.WHY : null;
        }
        CallRecord known = call.attempt().recorded(call.identity().address());
        boolean decided = known != null && known.state() == CallState.AGAIN;
        return Previews.isMade(call.spec())
                        || call.isDoubtful()
                        || decided
                        || plan.takes(planned(call), call.identity().address())
                ? null
                : WHY;
    }

    private static Planned planned(GuardedCall call) {
        return new Planned(call.spec().name(), call.identity().document());
    }

    /** A call of the plan is asked about: who had the plan executed has seen it, and votes for it as far as that person may. */
    void vote(GuardedCall call, long approval) {
        Plan plan = plan(call.attempt());
        Actor voter = plan == null ? null : plan.execution.voter();
        if (plan != null
                && voter != null
                && plan.takes(planned(call), call.identity().address())) {
            approvals.vote(approval, true, "executed the plan " + plan.execution.plan(), voter);
        }
    }
}
