package io.drover.task;

import io.drover.encryption.SealedValueException;
import io.drover.journal.CallRecord;
import io.drover.journal.ClaimRequest;
import io.drover.journal.ClaimedTask;
import io.drover.journal.Journal;
import io.drover.journal.Mirror;
import io.drover.journal.Mirrors;
import io.drover.journal.Mode;
import io.drover.journal.Room;
import io.drover.journal.TaskQueue;
import io.drover.journal.WorkflowVersion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
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
    private final Mirrors mirrors;
    private final int concurrency;
    private final WorkflowRegistry workflows;
    private final Predicate<Workflow> isClaimed;
    private final FairPlaces fair = new FairPlaces();

    /** The versions of workflows of which the last claim left no task in the queue. */
    private volatile Set<WorkflowVersion> drained = Set.of();

    /**
     * @param concurrency of the worker
     * @param isClaimed   whether this worker takes tasks of a workflow now
     */
    Claims(
            TaskQueue queue,
            Journal journal,
            Mirrors mirrors,
            int concurrency,
            WorkflowRegistry workflows,
            Predicate<Workflow> isClaimed) {
        this.queue = queue;
        this.journal = journal;
        this.mirrors = mirrors;
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

    private static Set<WorkflowVersion> drained(List<ClaimRequest> requests, List<ClaimedTask> claimed, Room room) {
        long bytes = claimed.stream().mapToLong(ClaimedTask::bytes).sum();
        if (claimed.size() >= room.tasks() || bytes >= room.bytes()) {
            return Set.of();
        }
        Map<WorkflowVersion, Long> taken =
                claimed.stream().collect(Collectors.groupingBy(ClaimedTask::workflowVersion, Collectors.counting()));
        return requests.stream()
                .filter(request -> taken.getOrDefault(request.workflowVersion(), 0L) < request.free())
                .map(ClaimRequest::workflowVersion)
                .collect(Collectors.toSet());
    }

    /** Whether the queue may hold tasks that this worker would take if it had places for them. */
    boolean isBehind() {
        Set<WorkflowVersion> empty = drained;
        return workflows.versions().stream()
                .anyMatch(workflow -> !empty.contains(workflow.spec().id()) && isClaimed.test(workflow));
    }

    /**
     * How many attempts of a workflow may begin now beside those that run, without passing by a task in the queue.
     *
     * @param running the number of attempts that run here
     */
    int open(Workflow workflow, int running) {
        return drained.contains(workflow.spec().id()) && isClaimed.test(workflow)
                ? open(workflow, running, claimable().size())
                : 0;
    }

    /**
     * Tasks, and what earlier attempts at them recorded.
     *
     * @param mirrors of those that are shadows
     */
    record Resumed(List<ClaimedTask> tasks, Map<UUID, List<CallRecord>> calls, Map<UUID, Mirror> mirrors) {}

    /** What earlier attempts at these tasks recorded. A task of which this process cannot read that is given back. */
    Resumed resume(List<ClaimedTask> claimed) {
        List<UUID> before = claimed.stream()
                .filter(task -> task.token() > 1)
                .map(ClaimedTask::id)
                .toList();
        try {
            return new Resumed(
                    claimed, before.isEmpty() ? Map.of() : journal.callsToUse(before), mirrors.of(shadows(claimed)));
        } catch (SealedValueException e) {
            return eachAlone(claimed);
        }
    }

    private Resumed eachAlone(List<ClaimedTask> claimed) {
        List<ClaimedTask> readable = new ArrayList<>();
        Map<UUID, List<CallRecord>> calls = new HashMap<>();
        Map<UUID, Mirror> heard = new HashMap<>();
        for (ClaimedTask task : claimed) {
            try {
                calls.putAll(journal.callsToUse(List.of(task.id())));
                heard.putAll(mirrors.of(shadows(List.of(task))));
                readable.add(task);
            } catch (SealedValueException e) {
                queue.giveBack(task.lease(), e);
            }
        }
        return new Resumed(readable, calls, heard);
    }

    private static List<UUID> shadows(List<ClaimedTask> claimed) {
        return claimed.stream()
                .filter(task -> task.mode() == Mode.SHADOW)
                .map(ClaimedTask::id)
                .toList();
    }

    private List<ClaimRequest> requests(int free, int running) {
        List<ClaimRequest> requests = new ArrayList<>();
        if (free <= 0) {
            return requests;
        }
        Map<String, List<Workflow>> claimable = claimable();
        claimable.values().forEach(versions -> {
            Collections.shuffle(versions); // of the last place, no version is always first
            int asked = 0;
            for (int i = 0; i < versions.size(); i++) {
                Workflow version = versions.get(i);
                int open = open(version, running + asked, claimable.size()) - asked;
                int part = Math.min(Math.ceilDiv(open, versions.size() - i), fair.share(free));
                if (part > 0) {
                    WorkflowVersion id = version.spec().id();
                    requests.add(new ClaimRequest(id.workflow(), id.version(), part, version.definition()));
                    asked += part;
                }
            }
        });
        Collections.shuffle(requests); // no workflow is always first
        return requests;
    }

    /** By workflow, its versions: they share the places of the workflow. */
    private Map<String, List<Workflow>> claimable() {
        return workflows.versions().stream()
                .filter(isClaimed)
                .collect(Collectors.groupingBy(
                        workflow -> workflow.spec().name(), Collectors.toCollection(ArrayList::new)));
    }

    private int open(Workflow workflow, int running, int claimable) {
        int itsOwn = workflows.running(workflow.spec().name());
        int most = claimable == 1 ? concurrency : FairPlaces.most(concurrency, running - itsOwn);
        return Math.min(workflow.spec().concurrency(), most) - itsOwn;
    }
}
