package io.drover.journal.memory;

import io.drover.journal.Approval;
import io.drover.journal.ApprovalRequest;
import io.drover.journal.Approvals.Verdict;
import io.drover.journal.AttemptEnd;
import io.drover.journal.BeginRequest;
import io.drover.journal.CallRecord;
import io.drover.journal.CallState;
import io.drover.journal.ChildCall;
import io.drover.journal.ClaimedTask;
import io.drover.journal.EffectHolder;
import io.drover.journal.Family;
import io.drover.journal.Journal.Begin;
import io.drover.journal.Lease;
import io.drover.journal.NewTask;
import io.drover.journal.PendingCall;
import io.drover.journal.Signal;
import io.drover.journal.SubjectLimit.Room;
import io.drover.journal.Submission;
import io.drover.journal.Submitter;
import io.drover.journal.TaskIds;
import io.drover.journal.TaskStatus;
import io.drover.json.Json;
import io.drover.json.Redaction;
import io.drover.who.Actor;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Tasks and their calls, in memory. {@link MemoryPorts} gives it to the rest of Drover. Its one worker claims the tasks here,
 * one after the other, and can be told to die after a write.
 */
public final class MemoryJournal {

    /** A call of a child that its end gives its result. */
    private record Awaited(UUID parent, UUID call, UUID child, String workflow) {}

    private final Clock clock;
    private final Map<UUID, StoredTask> tasks = new LinkedHashMap<>();
    private final List<Awaited> awaited = new ArrayList<>();
    private final Waits waits = new Waits();
    private final Effects effects =
            new Effects((task, call) -> Objects.requireNonNull(task(task).calls.get(call)));
    private final Requests requests = new Requests(this::task);
    private int writes;
    private int diesAfter;
    private @Nullable String lastWrite;

    public MemoryJournal(Clock clock) {
        this.clock = clock;
    }

    /**
     * A task as it is now.
     *
     * @param waitReason why it waits, or null
     * @param dueAt      when it is due by itself; null where only a person or a result wakes it, or nothing
     * @param calls      in the order in which they were made
     */
    public record Seen(
            UUID id,
            String workflow,
            int version,
            @Nullable String key,
            @Nullable UUID parent,
            String input,
            TaskStatus status,
            @Nullable String waitReason,
            @Nullable Instant dueAt,
            @Nullable String output,
            @Nullable String error,
            List<CallRecord> calls) {}

    /** All tasks, in the order in which they were submitted. */
    public synchronized List<Seen> tasks() {
        return tasks.values().stream().map(MemoryJournal::seen).toList();
    }

    private static Seen seen(StoredTask task) {
        Family family = task.task.submitter().family();
        return new Seen(
                task.id(),
                task.task.workflow(),
                task.task.submitter().version(),
                task.task.key(),
                family == null ? null : family.parent(),
                task.task.input(),
                task.status,
                task.reason == null ? null : task.reason.name(),
                task.status.isTerminal() || task.dueAt.equals(StoredTask.NEVER) ? null : task.dueAt,
                task.output,
                task.error,
                task.inOrder());
    }

    private StoredTask task(UUID id) {
        return Objects.requireNonNull(tasks.get(id), "an unknown task");
    }

    private Instant now() {
        return clock.instant();
    }

    /** How often attempts have written so far. */
    public synchronized int writes() {
        return writes;
    }

    /**
     * Has the worker die when an attempt has written so often: the write is there, the attempt hears that it lost its task, and the
     * task is taken over.
     *
     * @param write from 1; 0 for never
     */
    public synchronized void dieAfter(int write) {
        diesAfter = write;
    }

    /** What was written last before the worker died, for people; null while it lives. */
    public synchronized @Nullable String diedAfter() {
        return diesAfter > 0 && writes >= diesAfter ? lastWrite : null;
    }

    /** @return false when the worker dies of it */
    private boolean wrote(StoredTask task, String what) {
        writes++;
        if (writes != diesAfter) {
            return true;
        }
        lastWrite = what;
        if (task.status == TaskStatus.RUNNING) {
            task.takeOver(now());
        }
        return false;
    }

    // Tasks

    /** Claims the task that has been due for the longest time, of those with the highest priority. */
    public synchronized @Nullable ClaimedTask claim() {
        return claim(task -> true);
    }

    synchronized @Nullable ClaimedTask claim(Predicate<NewTask> which) {
        Instant now = now();
        return tasks.values().stream()
                .filter(task -> task.isDue(now) && which.test(task.task))
                .min(Comparator.comparing((StoredTask task) -> -task.task.priority())
                        .thenComparing(task -> task.dueAt))
                .map(StoredTask::claim)
                .orElse(null);
    }

    /** When the next task is due that is not yet; null where none will be by itself. */
    public synchronized @Nullable Instant nextDue() {
        return tasks.values().stream()
                .filter(task -> !task.status.isTerminal() && task.status != TaskStatus.RUNNING)
                .map(task -> task.dueAt)
                .min(Comparator.naturalOrder())
                .filter(due -> !due.equals(StoredTask.NEVER))
                .orElse(null);
    }

    synchronized Submission submit(NewTask task) {
        StoredTask known = tasks.get(task.id());
        if (known != null && task.keyOwner() != null && !task.keyOwner().equals(known.task.keyOwner())) {
            NewTask displaced = task.displaced();
            return displaced.id().equals(task.id()) ? compared(known, task) : submit(displaced);
        }
        if (known != null) {
            return compared(known, task);
        }
        tasks.put(task.id(), new StoredTask(task, now()));
        return new Submission.Accepted(task.id());
    }

    private static Submission compared(StoredTask known, NewTask task) {
        Redaction redaction = known.task.redaction();
        boolean same = Documents.same(redaction.in(known.task.input()), redaction.in(task.input()));
        return same ? new Submission.Known(known.id()) : new Submission.Conflict(known.id());
    }

    synchronized boolean end(Lease lease, AttemptEnd end, List<CallRecord> reads) {
        StoredTask task = tasks.get(lease.task());
        if (task == null || !task.holds(lease) || !writeAll(task, reads)) {
            return false;
        }
        Instant now = now();
        Instant first = waits.earliest(task.id());
        Instant decision = requests.earliest(task);
        task.end(end, now, first.isBefore(decision) ? first : decision);
        if (task.status.isTerminal()) {
            waits.close(task.id());
            requests.close(task);
            settleParents(task);
        }
        callBack(task, end);
        return wrote(task, "the end of the attempt (%s)".formatted(task.status));
    }

    /** The tool that the workflow names is called by a task of its own. */
    private void callBack(StoredTask ended, AttemptEnd end) {
        boolean tells =
                ended.status.isTerminal() || end instanceof AttemptEnd.Waiting waiting && waiting.isForAPerson();
        String tool = ended.task.onEnd();
        if (tool == null || !tells) {
            return;
        }
        var told = Documents.object()
                .put("tool", tool)
                .put("task", ended.id().toString())
                .put("workflow", ended.task.workflow());
        if (ended.task.key() != null) {
            told.put("key", ended.task.key());
        }
        told.put("status", ended.status.name());
        if (ended.reason != null) {
            told.put("waitReason", ended.reason.name());
        }
        var input = Documents.object();
        input.set("told", told);
        input.set("output", ended.output == null ? null : Documents.tree(ended.output));
        input.set("error", ended.error == null ? null : Documents.tree(ended.error));
        submit(new NewTask(
                TaskIds.random(),
                "on-end",
                null,
                null,
                Json.write(input),
                ended.task.priority(),
                Duration.ZERO,
                new Submitter(Objects.requireNonNullElse(ended.task.submitter().name(), ended.task.workflow()), null)));
    }

    // Calls

    synchronized boolean record(CallRecord call) {
        StoredTask task = tasks.get(call.taskId());
        return task != null && write(task, call) && wrote(task, said(call));
    }

    private static String said(CallRecord call) {
        return "call %d (tool:%s) %s".formatted(call.n(), call.tool(), call.state());
    }

    private boolean write(StoredTask task, CallRecord call) {
        if (!task.holds(new Lease(call.taskId(), call.token()))
                || !CallWrites.follows(call, task.calls.get(call.address()))) {
            return false;
        }
        task.calls.put(call.address(), call);
        return true;
    }

    private boolean writeAll(StoredTask task, Collection<CallRecord> calls) {
        return calls.stream().allMatch(call -> write(task, call));
    }

    synchronized boolean recordAll(List<CallRecord> calls) {
        StoredTask task = tasks.get(calls.getFirst().taskId());
        return task != null && writeAll(task, calls) && wrote(task, "%d reads".formatted(calls.size()));
    }

    synchronized Begin begin(BeginRequest request, List<CallRecord> reads) {
        CallRecord call = request.call();
        StoredTask task = tasks.get(call.taskId());
        Instant now = now();
        if (task == null
                || !task.holds(new Lease(call.taskId(), call.token()))
                || !writeAll(task, reads)
                || !CallWrites.follows(call, task.calls.get(call.address()))) {
            return new Begin.Refused();
        }
        Room room = effects.judge(request, now, id -> !task(id).status.isTerminal());
        if (room != Room.FREE) {
            return new Begin.NoRoom(room);
        }
        EffectHolder other = effects.other(request.effect(), call);
        if (other != null) {
            return new Begin.Taken(other);
        }
        if (request.grant() != null && !requests.spend(call, request.grant(), now)) {
            return new Begin.Unapproved();
        }
        if (request.effect() != null) {
            effects.take(request.effect(), call);
        }
        task.calls.put(call.address(), call);
        effects.begun(request, now);
        return wrote(task, said(call)) ? new Begin.Begun() : new Begin.Refused();
    }

    synchronized boolean recordEnd(CallRecord call) {
        StoredTask task = tasks.get(call.taskId());
        if (task == null || !write(task, call)) {
            return false;
        }
        wakeForEffects(task.id());
        return wrote(task, said(call));
    }

    private void wakeForEffects(UUID task) {
        Instant now = now();
        effects.ended(task).forEach(waiting -> task(waiting).wake(now));
    }

    synchronized boolean awaitEnd(UUID task, EffectHolder first) {
        return effects.await(task, first);
    }

    synchronized Map<UUID, List<CallRecord>> callsToUse(Collection<UUID> ids) {
        Map<UUID, List<CallRecord>> calls = new HashMap<>();
        for (UUID id : ids) {
            StoredTask task = task(id);
            settle(task);
            requests.settle(task, now());
            calls.put(id, task.inOrder());
        }
        return calls;
    }

    private boolean settle(StoredTask task) {
        return waits.settle(task, now());
    }

    // Pending calls

    synchronized @Nullable CallRecord begin(PendingCall pending) {
        CallRecord call = pending.call();
        StoredTask task = tasks.get(call.taskId());
        if (task == null || !write(task, call)) {
            return null;
        }
        Family family = task.task.submitter().family();
        StoredTask root = family == null ? task : tasks.getOrDefault(family.root(), task);
        waits.begin(task, pending, root.createdAt, now());
        if (!wrote(task, said(call))) {
            return null;
        }
        settle(task);
        return task.calls.get(call.address());
    }

    synchronized Signal.Outcome send(Signal signal) {
        Signal.Outcome outcome = waits.send(signal, now());
        for (UUID id : waits.waiting(signal)) {
            StoredTask task = task(id);
            if (settle(task)) {
                task.wake(now());
            }
        }
        return outcome;
    }

    synchronized void forgetSignals(Duration age) {
        waits.forget(now().minus(age));
    }

    synchronized boolean begin(ChildCall child) {
        CallRecord call = child.call();
        StoredTask parent = tasks.get(call.taskId());
        if (parent == null || !write(parent, call)) {
            return false;
        }
        Submission submitted = submit(child.task());
        if (submitted instanceof Submission.Conflict) {
            var error = Documents.object()
                    .put("type", "ChildRefused")
                    .put(
                            "message",
                            "task:%s is not submitted: its key '%s' is taken by task %s with another input; use a separate key for each input"
                                    .formatted(
                                            child.task().workflow(),
                                            child.task().key(),
                                            submitted.id()));
            settle(parent, call, CallState.REJECTED, null, Json.write(error));
        } else {
            awaited.add(new Awaited(
                    parent.id(), call.address(), submitted.id(), child.task().workflow()));
            StoredTask there = task(submitted.id());
            if (there.status.isTerminal()) {
                settleParents(there);
            }
        }
        return wrote(parent, said(call));
    }

    private void settle(
            StoredTask parent, CallRecord call, CallState state, @Nullable String result, @Nullable String error) {
        parent.calls.put(call.address(), CallWrites.ended(call, state, parent.token, result, error, now()));
        parent.wake(now());
    }

    private void settleParents(StoredTask child) {
        List<Awaited> heard =
                awaited.stream().filter(one -> one.child.equals(child.id())).toList();
        awaited.removeAll(heard);
        for (Awaited one : heard) {
            StoredTask parent = task(one.parent);
            CallRecord call = Objects.requireNonNull(parent.calls.get(one.call));
            boolean done = child.status == TaskStatus.COMPLETED;
            parent.calls.put(
                    call.address(),
                    CallWrites.ended(
                            call,
                            done ? CallState.SUCCEEDED : CallState.REJECTED,
                            parent.token,
                            done ? child.output : null,
                            done ? null : failed(child),
                            now()));
            boolean isLast = awaited.stream()
                    .noneMatch(other -> other.parent.equals(one.parent) && other.workflow.equals(one.workflow));
            if (isLast) {
                parent.wake(now());
            }
        }
    }

    private static String failed(StoredTask child) {
        boolean dead = child.status == TaskStatus.DEAD;
        String reason = child.error == null
                ? "no reason is recorded"
                : Documents.tree(child.error).path("message").asText("no reason is recorded");
        return Json.write(Documents.object()
                .put("type", dead ? "ChildDead" : "ChildCancelled")
                .put(
                        "message",
                        "task:%s (task %s) %s"
                                .formatted(
                                        child.task.workflow(),
                                        child.id(),
                                        dead ? "is dead: " + reason : "was cancelled"))
                .put("task", child.id().toString()));
    }

    // People

    synchronized @Nullable Long ask(ApprovalRequest request) {
        StoredTask task = tasks.get(request.call().taskId());
        if (task == null || !request.isPending() && !write(task, request.call())) {
            return null;
        }
        CallRecord now = task.calls.get(request.call().address());
        if (now == null || now.state() != CallState.PENDING) {
            return 0L;
        }
        long id = requests.ask(request, now());
        return request.isPending() || wrote(task, said(request.call())) ? id : null;
    }

    synchronized List<Approval> approvals(UUID task) {
        return requests.of(task);
    }

    /** The requests that people may vote on, the oldest first. */
    public synchronized List<Approval> openApprovals() {
        return requests.open();
    }

    synchronized @Nullable Approval approval(long id) {
        return requests.find(id);
    }

    /** Counts a vote. */
    public synchronized Verdict vote(long id, boolean approves, @Nullable String reason, Actor who) {
        return requests.vote(id, approves, reason, who, now());
    }

    /**
     * A person says what became of a call in doubt.
     *
     * @param result a JSON document where it took effect; null where it is to be made again
     */
    public synchronized void resolve(CallRecord doubt, @Nullable String result) {
        StoredTask task = task(doubt.taskId());
        task.calls.put(
                doubt.address(),
                CallWrites.ended(
                        doubt,
                        result == null ? CallState.AGAIN : CallState.SUCCEEDED,
                        task.token,
                        result,
                        null,
                        now()));
        wakeForEffects(task.id());
        task.wakeDecided(now());
    }

    /** The calls about which a person is asked. */
    public synchronized List<CallRecord> doubts() {
        return tasks.values().stream()
                .filter(task -> task.status == TaskStatus.WAITING)
                .flatMap(task -> task.calls.values().stream())
                .filter(call -> call.state() == CallState.IN_DOUBT)
                .toList();
    }
}
