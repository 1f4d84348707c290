package io.drover.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.journal.AttemptEnd;
import io.drover.journal.ClaimRequest;
import io.drover.journal.ClaimedTask;
import io.drover.journal.Fleet;
import io.drover.journal.Room;
import io.drover.journal.TaskQueue;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.springframework.stereotype.Component;

/** Claims and ends batches of queued tasks through the real queue, and takes the time of each claim. */
@Component
class ClaimTime {

    private final TaskQueue queue;
    private final Fleet fleet;

    ClaimTime(TaskQueue queue, Fleet fleet) {
        this.queue = queue;
        this.fleet = fleet;
    }

    ObjectNode measure(JsonNode command) {
        int batch = command.get("batch").asInt();
        UUID worker = UUID.randomUUID();
        fleet.join(worker, "bench", "bench");
        ObjectNode answer = Protocol.object();
        ArrayNode took = answer.putArray("ms");
        for (int round = 0; round < command.get("rounds").asInt(); round++) {
            long begin = System.nanoTime();
            List<ClaimedTask> claimed =
                    queue.claim(worker, List.of(new ClaimRequest("support-ticket", batch, 0)), Room.of(batch));
            took.add((System.nanoTime() - begin) / 1e6);
            if (claimed.size() != batch) {
                throw new IllegalStateException("claimed %d tasks, not %d".formatted(claimed.size(), batch));
            }
            CompletableFuture.allOf(claimed.stream()
                            .map(task -> queue.end(task.lease(), new AttemptEnd.Completed("{}")))
                            .toArray(CompletableFuture[]::new))
                    .join();
        }
        fleet.leave(worker);
        return answer;
    }
}
