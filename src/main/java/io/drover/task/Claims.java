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
import java.util.UUID;
import java.util.function.Predicate;

/** Takes due tasks from the queue: as many of each workflow as it may have places for. */
final class Claims {

    private final TaskQueue queue;
    private final Journal journal;
    private final int concurrency;
    private final WorkflowRegistry workflows;
    private final Predicate<Workflow> isClaimed;
    private final FairPlaces fair = new FairPlaces();

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
        List<ClaimRequest> requests = requests(room.tasks(), running);
        if (requests.isEmpty()) {
            return List.of();
        }
        List<ClaimedTask> claimed = queue.claim(worker, requests, room);
        if (claimed.isEmpty() && room.lost() > 0 && !room.alone()) {
            claimed = queue.claim(worker, requests, room.withoutLost()); // those behind the ones that have to wait
        }
        fair.claimed(claimed);
        return claimed;
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
        List<Workflow> claimable =
                workflows.all().values().stream().filter(isClaimed).toList();
        for (Workflow workflow : claimable) {
            int itsOwn = workflows.running(workflow.spec().name());
            int most = claimable.size() == 1 ? concurrency : FairPlaces.most(concurrency, running - itsOwn);
            int open = Math.min(workflow.spec().concurrency(), most) - itsOwn;
            if (open > 0) {
                requests.add(new ClaimRequest(
                        workflow.spec().name(), Math.min(open, fair.share(free)), workflow.definition()));
            }
        }
        Collections.shuffle(requests); // no workflow is always first
        return requests;
    }
}
