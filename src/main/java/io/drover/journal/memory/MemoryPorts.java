package io.drover.journal.memory;

import io.drover.journal.AgentDefinitions;
import io.drover.journal.Approval;
import io.drover.journal.ApprovalRequests;
import io.drover.journal.Approvals;
import io.drover.journal.AttemptEnd;
import io.drover.journal.BeginRequest;
import io.drover.journal.CallRecord;
import io.drover.journal.ChildCall;
import io.drover.journal.ChildCalls;
import io.drover.journal.ClaimRequest;
import io.drover.journal.ClaimedTask;
import io.drover.journal.EffectHolder;
import io.drover.journal.Journal;
import io.drover.journal.KeptPreviews;
import io.drover.journal.LateResult;
import io.drover.journal.Lease;
import io.drover.journal.NewTask;
import io.drover.journal.PendingCalls;
import io.drover.journal.Preview;
import io.drover.journal.Recovery;
import io.drover.journal.Room;
import io.drover.journal.Signal;
import io.drover.journal.Signals;
import io.drover.journal.Submission;
import io.drover.journal.TaskQueue;
import io.drover.who.Actor;
import io.drover.who.Workflows;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the rest of Drover knows of a {@link MemoryJournal}. All that is asked is done when the call returns, so each future is
 * complete.
 */
public final class MemoryPorts {

    private MemoryPorts() {}

    private static <T> CompletableFuture<T> done(@Nullable T value) {
        CompletableFuture<T> done = new CompletableFuture<>();
        done.complete(value);
        return done;
    }

    /** @param memory asked each time: another one may take its place */
    public static TaskQueue queue(Supplier<MemoryJournal> memory) {
        return new Queue(memory);
    }

    private record Queue(Supplier<MemoryJournal> memory) implements TaskQueue {

        @Override
        public CompletableFuture<Submission> submit(NewTask task) {
            return done(memory.get().submit(task));
        }

        @Override
        public List<ClaimedTask> claim(UUID worker, List<ClaimRequest> requests, Room room) {
            List<ClaimedTask> claimed = new ArrayList<>();
            for (ClaimRequest request : requests) {
                for (int free = request.free(); free > 0 && claimed.size() < room.tasks(); free--) {
                    ClaimedTask task =
                            memory.get().claim(due -> due.workflowVersion().equals(request.workflowVersion()));
                    if (task == null) {
                        break;
                    }
                    claimed.add(task);
                }
            }
            return claimed;
        }

        @Override
        public CompletableFuture<Boolean> end(Lease lease, AttemptEnd end, List<CallRecord> reads) {
            return done(memory.get().end(lease, end, reads));
        }
    }

    public static Journal journal(Supplier<MemoryJournal> memory) {
        return new Calls(memory);
    }

    private record Calls(Supplier<MemoryJournal> memory) implements Journal {

        @Override
        public CompletableFuture<Boolean> record(CallRecord call) {
            return done(memory.get().record(call));
        }

        @Override
        public CompletableFuture<Boolean> record(List<CallRecord> calls) {
            return done(memory.get().recordAll(calls));
        }

        @Override
        public CompletableFuture<Begin> begin(BeginRequest request, List<CallRecord> reads) {
            return done(memory.get().begin(request, reads));
        }

        @Override
        public CompletableFuture<Boolean> recordEnd(CallRecord call) {
            return done(memory.get().recordEnd(call));
        }

        @Override
        public CompletableFuture<Boolean> awaitEnd(UUID task, EffectHolder first) {
            return done(memory.get().awaitEnd(task, first));
        }

        /** It is not looked at. */
        @Override
        public CompletableFuture<Void> keepLate(LateResult late) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public Map<UUID, List<CallRecord>> callsToUse(Collection<UUID> tasks) {
            return memory.get().callsToUse(tasks);
        }
    }

    public static PendingCalls pendingCalls(Supplier<MemoryJournal> memory) {
        return pending -> done(memory.get().begin(pending));
    }

    public static ChildCalls childCalls(Supplier<MemoryJournal> memory) {
        return new Children(memory);
    }

    private record Children(Supplier<MemoryJournal> memory) implements ChildCalls {

        @Override
        public CompletableFuture<Boolean> begin(ChildCall call) {
            return done(memory.get().begin(call));
        }

        @Override
        public int settleEnded() {
            return 0;
        }
    }

    public static Signals signals(Supplier<MemoryJournal> memory) {
        return new Sent(memory);
    }

    private record Sent(Supplier<MemoryJournal> memory) implements Signals {

        @Override
        public CompletableFuture<Signal.Outcome> send(Signal signal) {
            return done(memory.get().send(signal));
        }

        @Override
        public int forget(Duration age, int most) {
            memory.get().forgetSignals(age);
            return 0;
        }
    }

    public static ApprovalRequests approvalRequests(Supplier<MemoryJournal> memory) {
        return request -> done(memory.get().ask(request));
    }

    public static Approvals approvals(Supplier<MemoryJournal> memory) {
        return new Votes(memory);
    }

    private record Votes(Supplier<MemoryJournal> memory) implements Approvals {

        @Override
        public List<Approval> open(
                @Nullable String tool, @Nullable String workflow, Workflows allowed, long after, int limit) {
            return memory.get().openApprovals().stream()
                    .filter(one -> (tool == null || tool.equals(one.tool()))
                            && (workflow == null || workflow.equals(one.workflow()))
                            && allowed.allow(one.workflow())
                            && one.id() > after)
                    .limit(limit)
                    .toList();
        }

        @Override
        public Backlog backlog() {
            return new Backlog(memory.get().openApprovals().size(), Duration.ZERO);
        }

        @Override
        public List<Approval> of(UUID task) {
            return memory.get().approvals(task);
        }

        @Override
        public @Nullable Approval find(long id) {
            return memory.get().approval(id);
        }

        @Override
        public Verdict vote(long id, boolean approves, @Nullable String reason, Actor who) {
            return memory.get().vote(id, approves, reason, who);
        }
    }

    /** Definitions of agents; they outlive the journal. */
    public static AgentDefinitions agentDefinitions() {
        return new Definitions(new ConcurrentHashMap<>());
    }

    private record Definitions(Map<UUID, String> kept) implements AgentDefinitions {

        @Override
        public CompletableFuture<Void> keep(UUID digest, String body) {
            kept.put(digest, body);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<@Nullable String> find(UUID digest) {
            return done(kept.get(digest));
        }

        @Override
        public int forget(Duration age, int most) {
            return 0;
        }
    }

    /** What a dry run would have asked is not looked at. */
    public static KeptPreviews noPreviews() {
        return new KeptPreviews() {
            @Override
            public void keep(Preview preview) {}

            @Override
            public Map<Integer, Preview> of(UUID task) {
                return Map.of();
            }
        };
    }

    /** What never went back in time. */
    public static Recovery neverBack() {
        return new NeverBack();
    }

    private static final class NeverBack implements Recovery {

        @Override
        public @Nullable Instant began() {
            return null;
        }

        @Override
        public String reason() {
            return "";
        }

        @Override
        public boolean doubts(ClaimedTask task) {
            return false;
        }

        @Override
        public boolean doubts(UUID task) {
            return false;
        }

        @Override
        public boolean mayHaveSeen(@Nullable Instant event) {
            return false;
        }

        @Override
        public void doubt(UUID task) {}

        @Override
        public void once(String brokers, String group, Rewind rewind) {}
    }
}
