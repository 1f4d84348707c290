package io.drover.kit;

import io.drover.journal.Approval;
import io.drover.journal.Attempt;
import io.drover.journal.CallRecord;
import io.drover.journal.ClaimedTask;
import io.drover.journal.Journal;
import io.drover.journal.Mirror;
import io.drover.journal.Signal;
import io.drover.journal.Signals;
import io.drover.journal.memory.MemoryJournal.Seen;
import io.drover.json.Digest;
import io.drover.json.Json;
import io.drover.kit.TestCase.Sent;
import io.drover.kit.TestCase.Vote;
import io.drover.task.AttemptRunner;
import io.drover.task.InvalidTaskException;
import io.drover.task.Submit;
import io.drover.task.TaskService;
import io.drover.task.Workflow;
import io.drover.task.WorkflowRegistry;
import io.drover.who.Actor;
import io.drover.who.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Runs a case once: its task and all that come of it, one attempt after the other, until nothing happens any more. */
final class CaseRun {

    /** A workflow that never ends would run for ever: its time passes while nothing happens. */
    private static final int MOST_STEPS = 2_000;

    private final TestCase script;
    private final Stage stage;
    private final Parts parts;
    private final List<Sent> unsent;

    /** What a run needs of the application. */
    record Parts(
            TaskService tasks,
            WorkflowRegistry workflows,
            AttemptRunner attempts,
            Journal journal,
            Signals signals,
            KitClock clock) {}

    /**
     * What came of it.
     *
     * @param tasks    the case's own first; none where it was refused
     * @param problems of the case itself
     */
    record Ran(List<Seen> tasks, List<String> problems, Stage stage) {}

    CaseRun(TestCase script, Stage stage, Parts parts) {
        this.script = script;
        this.stage = stage;
        this.parts = parts;
        this.unsent = new ArrayList<>(script.signals());
    }

    /** @param settles whether a person says truly what became of calls in doubt */
    Ran run(boolean settles) {
        try {
            parts.tasks().submit(request()).join();
        } catch (InvalidTaskException e) {
            return new Ran(List.of(), List.of("the task is refused: " + e.getMessage()), stage);
        }
        return finish(task -> null, settles);
    }

    /** What the case submits. */
    Submit request() {
        return new Submit(
                        script.workflow(),
                        script.key(),
                        Json.write(script.input()),
                        null,
                        Duration.ZERO,
                        script.submittedBy())
                .in(script.mode())
                .to(script.version());
    }

    /**
     * Runs what has been submitted until nothing happens any more.
     *
     * @param mirrors what a task has heard that a task mirrors; null for one that mirrors none
     */
    Ran finish(Function<ClaimedTask, @Nullable Mirror> mirrors, boolean settles) {
        List<String> problems = new ArrayList<>();
        int steps = 0;
        while (step(mirrors, settles)) {
            if (++steps == MOST_STEPS) {
                problems.add("it does not end: after %d attempts and waits it goes on".formatted(MOST_STEPS));
                break;
            }
        }
        problems.addAll(stage.problems());
        return new Ran(stage.journal.tasks(), problems, stage);
    }

    /** @return false where nothing happens any more */
    private boolean step(Function<ClaimedTask, @Nullable Mirror> mirrors, boolean settles) {
        boolean acted = send() | vote() | settles && settle();
        ClaimedTask task = stage.journal.claim();
        if (task != null) {
            attempt(task, mirrors.apply(task));
            return true;
        }
        if (acted) {
            return true;
        }
        Instant next = next();
        if (next == null) {
            return false;
        }
        parts.clock().set(next);
        return true;
    }

    private void attempt(ClaimedTask task, @Nullable Mirror mirror) {
        Workflow workflow = parts.workflows().get(task.workflowVersion());
        if (workflow == null) {
            throw new IllegalStateException("task:%s was submitted, and is not there".formatted(task.workflow()));
        }
        List<CallRecord> calls = parts.journal().callsToUse(List.of(task.id())).getOrDefault(task.id(), List.of());
        parts.attempts().run(workflow, new Attempt(task, calls, mirror));
    }

    private boolean send() {
        List<Sent> due = unsent.stream()
                .filter(signal -> !at(signal).isAfter(parts.clock().instant()))
                .toList();
        for (Sent signal : due) {
            unsent.remove(signal);
            UUID source = Digest.uuid("test", Integer.toString(unsent.size()), signal.name(), signal.key());
            parts.signals()
                    .send(new Signal(source, signal.name(), signal.key(), Json.write(signal.body()), null))
                    .join();
        }
        return !due.isEmpty();
    }

    private Instant at(Sent signal) {
        return script.now().plus(signal.after());
    }

    private boolean vote() {
        boolean voted = false;
        for (Approval approval : stage.journal.openApprovals()) {
            Vote vote = cast(approval);
            if (vote != null && !at(approval, vote).isAfter(parts.clock().instant())) {
                vote(approval, vote, Boolean.TRUE.equals(vote.approves()));
                voted = true;
            }
        }
        return voted;
    }

    /** The vote that is given about it, now or later; null where no one votes. */
    private @Nullable Vote cast(Approval approval) {
        Vote vote = script.people().get(approval.tool());
        return vote == null || vote.approves() == null ? null : vote;
    }

    private static Instant at(Approval approval, Vote vote) {
        return approval.askedAt().plus(vote.after());
    }

    /** As many people as it needs, who may. */
    private void vote(Approval approval, Vote vote, boolean approves) {
        List<String> people = new ArrayList<>(new TreeSet<>(approval.approvers()));
        if (people.isEmpty() || people.contains(vote.by())) {
            people.remove(vote.by());
            people.addFirst(vote.by());
        }
        for (int i = 0; i < (approves ? approval.need() : 1); i++) {
            String who = i < people.size() ? people.get(i) : "%s-%d".formatted(vote.by(), i + 1);
            var verdict = stage.journal.vote(approval.id(), approves, vote.reason(), Actor.person(who, Role.APPROVER));
            if (!(verdict instanceof io.drover.journal.Approvals.Verdict.Counted)) {
                stage.problem("%s cannot vote about tool:%s: %s".formatted(who, approval.tool(), verdict));
                return;
            }
        }
    }

    /** A call in doubt took effect where its other side says so; else it is made again. */
    private boolean settle() {
        List<CallRecord> doubts = stage.journal.doubts();
        for (CallRecord doubt : doubts) {
            var result = stage.resultOf(doubt.address().toString());
            stage.journal.resolve(doubt, result == null ? null : Json.write(result));
        }
        return !doubts.isEmpty();
    }

    /** When something happens by itself next, or null. */
    private @Nullable Instant next() {
        List<Instant> all = new ArrayList<>();
        unsent.forEach(signal -> all.add(at(signal)));
        for (Approval approval : stage.journal.openApprovals()) {
            Vote vote = cast(approval);
            if (vote != null) {
                all.add(at(approval, vote));
            }
        }
        Instant due = stage.journal.nextDue();
        if (due != null) {
            all.add(due);
        }
        return all.stream().min(Instant::compareTo).orElse(null);
    }
}
