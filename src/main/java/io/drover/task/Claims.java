package io.drover.task;

import io.drover.journal.CallRecord;
import io.drover.journal.ClaimRequest;
import io.drover.journal.ClaimedTask;
import io.drover.journal.Journal;
import io.drover.journal.Room;
import io.drover.journal.TaskQueue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Takes due tasks from the queue: as many of each workflow as it may have places for. */
final class Claims {

    private final TaskQueue queue;
    private final Journal journal;
    private final int concurrency;
    private final WorkflowRegistry workflows;
    private final Predicate<Workflow> isClaimed;
    private final FairPlaces fair = new FairPlaces();

    /** The workflows of which the last claim left no task in the queue. */
    private volatile Set<String> drained = Set.of();

    /**
     * @param concurrency of the worker
     * @param isClaimed   whether this worker takes tasks of a workflow now
     */
    Claims(
            TaskQueue queue,
            Journal journal,
            int concurrency,
            WorkflowRegistry workflows,
            Predicate<Workflow> isClaimed) {
        this.queue = queue;
        this.journal = journal;
        this.concurrency = concurrency;
        this.workflows = workflows;
        this.isClaimed = isClaimed;
    }

    /** @param running the number of attempts that run here */
    List<ClaimedTask> claim(UUID worker, Room room, int running) {
        drained = Set.of(); // until it is known
        List<ClaimRequest> requests = requests(room.tasks(), running);
        if (requests.isEmpty()) {
            return List.of();
        }
        List<ClaimedTask> claimed = queue.claim(worker, requests, room);
        if (claimed.isEmpty() && room.lost() > 0 && !room.alone()) {
            claimed = queue.claim(worker, requests, room.withoutLost()); // those behind the ones that have to wait
        }
        fair.claimed(claimed);
        drained = drained(requests, claimed, room);
        return claimed;
    }

    private static Set<String> drained(List<ClaimRequest> requests, List<ClaimedTask> claimed, Room room) {
        long bytes = claimed.stream().mapToLong(ClaimedTask::bytes).sum();
        if (claimed.size() >= room.tasks() || bytes >= room.bytes()) {
            return Set.of();
        }
        Map<String, Long> taken =
                claimed.stream().collect(Collectors.groupingBy(ClaimedTask::workflow, Collectors.counting()));
        return requests.stream()
                .filter(request -> taken.getOrDefault(request.workflow(), 0L) < request.free())
                .map(ClaimRequest::workflow)
                .collect(Collectors.toSet());
    }

    /** Whether the queue may hold tasks that this worker would take if it had places for them. */
    boolean isBehind() {
        Set<String> empty = drained;
        return workflows.all().values().stream()
                .anyMatch(workflow -> !empty.contains(workflow.spec().name()) && isClaimed.test(workflow));
    }

    /**
     * How many attempts of a workflow may begin now beside those that run, without passing by a task in the queue.
     *
     * @param running the number of attempts that run here
     */
    int open(Workflow workflow, int running) {
        String name = workflow.spec().name();
        return drained.contains(name) && isClaimed.test(workflow)
                ? open(workflow, running, claimable().size())
                : 0;
    }

    /** What earlier attempts at these tasks recorded, by task. */
    Map<UUID, List<CallRecord>> calls(List<ClaimedTask> claimed) {
        List<UUID> resumed = claimed.stream()
                .filter(task -> task.token() > 1)
                .map(ClaimedTask::id)
                .toList();
        return resumed.isEmpty() ? Map.of() : journal.callsToUse(resumed);
    }

    private List<ClaimRequest> requests(int free, int running) {
        List<ClaimRequest> requests = new ArrayList<>();
        if (free <= 0) {
            return requests;
        }
        List<Workflow> claimable = claimable();
        for (Workflow workflow : claimable) {
            int open = open(workflow, running, claimable.size());
            if (open > 0) {
                requests.add(new ClaimRequest(
                        workflow.spec().name(), Math.min(open, fair.share(free)), workflow.definition()));
            }
        }
        Collections.shuffle(requests); // no workflow is always first
        return requests;
    }

    private List<Workflow> claimable() {
        return workflows.all().values().stream().filter(isClaimed).toList();
    }

    private int open(Workflow workflow, int running, int claimable) {
        int itsOwn = workflows.running(workflow.spec().name());
        int most = claimable == 1 ? concurrency : FairPlaces.most(concurrency, running - itsOwn);
        return Math.min(workflow.spec().concurrency(), most) - itsOwn;
    }
}
