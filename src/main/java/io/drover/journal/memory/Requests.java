package io.drover.journal.memory;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.journal.Approval;
import io.drover.journal.Approval.State;
import io.drover.journal.Approval.Vote;
import io.drover.journal.ApprovalRequest;
import io.drover.journal.Approvals.Verdict;
import io.drover.journal.CallRecord;
import io.drover.journal.CallState;
import io.drover.journal.Grant;
import io.drover.json.Json;
import io.drover.who.Actor;
import io.drover.who.Role;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The requests for approvals, and the votes on them. Its store's lock guards it. */
final class Requests {

    /** A request, as a row of a table would hold it. */
    private static final class Request {

        final long id;
        final ApprovalRequest asked;
        final Instant at;
        final Instant decideBy;
        final List<Vote> votes = new ArrayList<>();
        State state = State.OPEN;

        @Nullable
        Instant decidedAt;

        @Nullable
        Instant useBy;

        @Nullable
        Instant spentAt;

        Request(long id, ApprovalRequest asked, Instant at) {
            this.id = id;
            this.asked = asked;
            this.at = at;
            this.decideBy = asked.decideWithin() == null ? StoredTask.NEVER : at.plus(asked.decideWithin());
        }

        boolean isOf(CallRecord call) {
            return asked.call().taskId().equals(call.taskId())
                    && asked.call().address().equals(call.address());
        }

        boolean isAlive() {
            return state == State.OPEN || state == State.APPROVED;
        }

        boolean mayBeUsed(Instant now) {
            return useBy == null || useBy.isAfter(now);
        }

        void decide(State how, Instant now) {
            state = how;
            decidedAt = now;
            if (how == State.APPROVED && asked.useWithin() != null) {
                useBy = now.plus(asked.useWithin());
            }
        }
    }

    private final List<Request> all = new ArrayList<>();
    private final Function<UUID, StoredTask> tasks;

    /** @param tasks finds the task of a request */
    Requests(Function<UUID, StoredTask> tasks) {
        this.tasks = tasks;
    }

    /** The call is recorded as pending. @return the number of the request */
    long ask(ApprovalRequest request, Instant now) {
        for (Request before : all) {
            boolean other = !before.asked.grant().equals(request.grant()) || !before.mayBeUsed(now);
            if (before.isOf(request.call()) && before.isAlive()) {
                if (!other) {
                    return before.id;
                }
                before.state = State.CLOSED;
            }
        }
        all.add(new Request(all.size() + 1L, request, now));
        return all.size();
    }

    /** Spends the grant of a call that begins. @return false where it has none */
    boolean spend(CallRecord call, Grant grant, Instant now) {
        for (Request request : all) {
            if (request.isOf(call)
                    && request.asked.grant().equals(grant)
                    && (request.state == State.SPENT || request.state == State.APPROVED && request.mayBeUsed(now))) {
                request.state = State.SPENT;
                request.spentAt = request.spentAt == null ? now : request.spentAt;
                return true;
            }
        }
        return false;
    }

    /** The decisions that a task waited for have not come in time. */
    void settle(StoredTask task, Instant now) {
        for (Request request : all) {
            if (isOf(request, task) && request.state == State.OPEN && !request.decideBy.isAfter(now)) {
                request.decide(State.UNDECIDED, now);
                reject(
                        task,
                        request,
                        error("undecided", request.id, null)
                                .put(
                                        "message",
                                        "no decision about approval %d came in time, until %s"
                                                .formatted(
                                                        request.id, request.decideBy.truncatedTo(ChronoUnit.SECONDS))),
                        now);
            }
        }
    }

    private static ObjectNode error(String type, long id, @Nullable String by) {
        ObjectNode error = Documents.object().put("type", type).put("approval", id);
        return by == null ? error : error.put("by", by);
    }

    private static void reject(StoredTask task, Request request, ObjectNode error, Instant now) {
        CallRecord call = task.calls.get(request.asked.call().address());
        if (call != null && call.state() == CallState.PENDING) {
            task.calls.put(
                    call.address(),
                    CallWrites.ended(call, CallState.REJECTED, call.token(), null, Json.write(error), now));
        }
    }

    private static boolean isOf(Request request, StoredTask task) {
        return request.asked.call().taskId().equals(task.id());
    }

    /** Until when the first of its open requests waits. */
    Instant earliest(StoredTask task) {
        return all.stream()
                .filter(request -> isOf(request, task) && request.state == State.OPEN)
                .map(request -> request.decideBy)
                .min(Comparator.naturalOrder())
                .orElse(StoredTask.NEVER);
    }

    /** The task has ended. */
    void close(StoredTask task) {
        all.stream()
                .filter(request -> isOf(request, task) && request.isAlive())
                .forEach(request -> request.state = State.CLOSED);
    }

    List<Approval> of(UUID task) {
        return all.stream()
                .filter(request -> request.asked.call().taskId().equals(task))
                .map(this::shown)
                .toList();
    }

    List<Approval> open() {
        return all.stream()
                .filter(request -> request.state == State.OPEN)
                .map(this::shown)
                .toList();
    }

    @Nullable
    Approval find(long id) {
        return id < 1 || id > all.size() ? null : shown(all.get((int) id - 1));
    }

    private Approval shown(Request request) {
        StoredTask task = tasks.apply(request.asked.call().taskId());
        CallRecord call =
                Objects.requireNonNullElse(task.calls.get(request.asked.call().address()), request.asked.call());
        return new Approval(
                request.id,
                task.id(),
                call.n(),
                task.task.workflow(),
                task.task.submitter().name(),
                call.tool(),
                call.arguments(),
                request.asked.grant().definition(),
                request.asked.summary(),
                request.asked.need(),
                request.asked.approvers(),
                request.at,
                request.asked.decideWithin() == null ? null : request.decideBy,
                request.state,
                request.decidedAt,
                request.useBy,
                request.spentAt,
                null,
                List.copyOf(request.votes));
    }

    /** Counts a vote; where it decides, the task is woken. */
    Verdict vote(long id, boolean approves, @Nullable String reason, Actor who, Instant now) {
        Approval shown = find(id);
        if (shown == null || !who.workflows().allow(shown.workflow())) {
            return new Verdict.Unknown();
        }
        Request request = all.get((int) id - 1);
        for (Vote before : request.votes) {
            if (before.who().equals(who.name())) {
                return before.approves() == approves
                        ? new Verdict.Counted(shown, false)
                        : new Verdict.TooLate("%s has voted otherwise before".formatted(who.name()));
            }
        }
        String forbidden = forbidden(shown, who);
        if (forbidden != null) {
            return new Verdict.NotAllowed(forbidden);
        }
        if (request.state != State.OPEN || !request.decideBy.isAfter(now)) {
            return new Verdict.TooLate("approval %d is %s".formatted(id, request.state));
        }
        request.votes.add(new Vote(who.name(), approves, reason, now));
        decide(request, approves, reason, who, now);
        return new Verdict.Counted(Objects.requireNonNull(find(id)), request.decidedAt != null);
    }

    private void decide(Request request, boolean approves, @Nullable String reason, Actor who, Instant now) {
        StoredTask task = tasks.apply(request.asked.call().taskId());
        if (!approves) {
            request.decide(State.REJECTED, now);
            String message =
                    "%s rejected approval %d%s".formatted(who.name(), request.id, reason == null ? "" : ": " + reason);
            reject(task, request, error("rejected", request.id, who.name()).put("message", message), now);
            task.wake(now);
        } else if (request.votes.stream().filter(Vote::approves).count() >= request.asked.need()) {
            request.decide(State.APPROVED, now);
            task.wake(now);
        }
    }

    private static @Nullable String forbidden(Approval approval, Actor who) {
        if (!who.is(Role.APPROVER)) {
            return "%s has not the role approver".formatted(who.name());
        }
        if (!approval.approvers().isEmpty() && !approval.approvers().contains(who.name())) {
            return "%s is none of the approvers of tool:%s".formatted(who.name(), approval.tool());
        }
        return who.name().equals(approval.submittedBy())
                ? "%s submitted the task, so another person has to decide".formatted(who.name())
                : null;
    }
}
