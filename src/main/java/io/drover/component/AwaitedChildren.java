package io.drover.component;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.drover.guard.PlannedCalls;
import io.drover.guard.TaskContext;
import io.drover.journal.Attempt;
import io.drover.journal.CallRecord;
import io.drover.journal.ChildCall;
import io.drover.journal.ChildCalls;
import io.drover.journal.Executions;
import io.drover.journal.Family;
import io.drover.journal.NewTask;
import io.drover.json.Json;
import io.drover.task.ChildProperties;
import io.drover.task.Submit;
import io.drover.task.TaskService;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.WeakHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The tasks that tasks await: each is a pending call, addressed by its workflow, key and input.
 * The call and its child are stored while the route goes on; the attempt does not end before they are.
 */
@Component
class AwaitedChildren {

    /** Of one attempt, the children that are on their way to the database. */
    private static final int MOST_UNDER_WAY = 2_000;

    private final ChildCalls calls;
    private final TaskService tasks;
    private final RecordedSteps steps;
    private final ChildProperties limits;
    private final PlannedCalls plans;
    private final Map<Attempt, Brood> broods = Collections.synchronizedMap(new WeakHashMap<>());

    AwaitedChildren(
            ChildCalls calls, TaskService tasks, RecordedSteps steps, ChildProperties limits, PlannedCalls plans) {
        this.calls = calls;
        this.tasks = tasks;
        this.steps = steps;
        this.limits = limits;
        this.plans = plans;
    }

    /** What an attempt knows of its children. */
    private record Brood(Family family, List<String> chain, AtomicInteger number, Semaphore underWay) {

        static Brood of(Attempt attempt) {
            return new Brood(
                    Family.of(attempt.task()),
                    Family.chain(attempt.task()),
                    new AtomicInteger(),
                    new Semaphore(MOST_UNDER_WAY));
        }
    }

    /**
     * A child that a step awaits.
     *
     * @param known what is recorded of its end, or null while it is open
     */
    record Child(String tool, String document, UUID address, @Nullable CallRecord known) {

        boolean isOpen() {
            return known == null || !known.state().isFinal();
        }
    }

    /**
     * Submits a child, unless an earlier attempt has.
     *
     * @throws io.drover.task.InvalidTaskException when its input or its key cannot be accepted
     */
    Child await(TaskContext context, Submit request, boolean shared, boolean orphan) {
        Attempt attempt = context.attempt();
        Brood brood = broods.computeIfAbsent(attempt, Brood::of);
        String tool = "task:" + request.workflow();
        String document = Json.write(List.of(
                shared ? "shared" : orphan ? "orphan" : "child",
                String.valueOf(request.key()),
                canonical(request.input())));
        UUID address = context.nextAddress(tool, document);
        int number = brood.number().incrementAndGet();
        Child child = new Child(tool, document, address, steps.known(context, tool, address, document));
        try {
            if (child.known() == null) { // what is recorded is not judged again, such as by a limit that was lowered
                check(brood, request, number);
                if (plans.isPlanned(attempt)) {
                    checkPlan(attempt, request, address);
                }
                begin(brood, context, child, request, shared, orphan);
            }
            return child;
        } catch (RuntimeException e) {
            Map<String, String> key = request.key() == null ? Map.of() : Map.of("key", request.key());
            throw steps.refused(context, tool, address, document, Json.write(key), e);
        }
    }

    /** However the author writes it: an edit of spaces or of the order of members makes no second child. */
    private static String canonical(String input) {
        try {
            return Json.canonical(Json.parse(input));
        } catch (JsonProcessingException e) {
            return input; // it is refused when the child is submitted
        }
    }

    /** The step that submitted these fails as a whole: the next equal children are these again. */
    void giveBack(TaskContext context, List<Child> children) {
        children.forEach(child -> context.scope().giveBack(child.address(), child.tool(), child.document()));
    }

    private void check(Brood brood, Submit request, int number) {
        if (brood.chain().contains(request.workflow())) {
            throw new ChildRefusedException(
                    "task:%s awaits itself: %s -> %s; let a workflow await only workflows that do not await it"
                            .formatted(request.workflow(), String.join(" -> ", brood.chain()), request.workflow()));
        }
        if (brood.chain().size() > limits.maxDepth()) {
            throw new ChildRefusedException(
                    "task:%s would be %d levels below the first task (%s); drover.children.max-depth is %d"
                            .formatted(
                                    request.workflow(),
                                    brood.chain().size(),
                                    String.join(" -> ", brood.chain()),
                                    limits.maxDepth()));
        }
        if (number > limits.maxNumber()) {
            throw new ChildRefusedException("task:%s would be child %d of its parent; drover.children.max-number is %d"
                    .formatted(request.workflow(), number, limits.maxNumber()));
        }
    }

    private void checkPlan(Attempt attempt, Submit request, UUID id) {
        Executions.Child child = new Executions.Child(request.workflow(), request.key(), canonical(request.input()));
        if (!plans.allows(attempt, child, id)) {
            throw new ChildRefusedException(
                    "task:%s with the key '%s' and this input is not in the plan that its parent executes, so it is not submitted"
                            .formatted(request.workflow(), request.key()));
        }
    }

    private void begin(Brood brood, TaskContext context, Child child, Submit request, boolean shared, boolean orphan) {
        Attempt attempt = context.attempt();
        NewTask task = tasks.child(request, shared ? null : child.address(), brood.family());
        CallRecord pending =
                steps.pending(context, child.tool(), child.address(), ChildCall.arguments(task.key(), task.id()));
        brood.underWay().acquireUninterruptibly();
        attempt.begin(); // the step that submits it is under way, so this is not refused
        calls.begin(new ChildCall(pending, task, shared, orphan)).whenComplete((written, failure) -> {
            if (failure != null) {
                attempt.fail(failure);
            } else if (!written) {
                attempt.end("the lease is lost");
            }
            brood.underWay().release();
            attempt.done();
        });
    }
}
