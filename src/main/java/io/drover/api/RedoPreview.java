package io.drover.api;

import io.drover.journal.CallState;
import io.drover.journal.TaskRedo;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.UUID;

/** What a redo of a dead task would forget and keep. */
@Schema(description = "What a redo of a dead task would forget and keep.")
public record RedoPreview(
        UUID task,
        @Schema(description = "The number of the first call to forget.") int from,
        @Schema(description = "The calls that are forgotten: of models, and of tools that only read.")
                List<Call> forgotten,
        @Schema(
                        description =
                                "The calls from that number on that are kept. The result of one that succeeded is replayed when the same call is made again.")
                List<Call> kept,
        @Schema(description = "How many calls come before; they are all kept.") int before,
        @Schema(description = "The tools whose calls need an approval afterwards: they have effects and no effect key.")
                List<String> asks,
        @Schema(description = "The tools that have effects and an effect key: equal effects are still made once.")
                List<String> keyed) {

    /** A recorded call. */
    @Schema(name = "RedoCall", description = "A recorded call.")
    public record Call(int n, String tool, CallState state) {

        private static Call of(TaskRedo.Call call) {
            return new Call(call.n(), call.tool(), call.state());
        }
    }

    static RedoPreview of(UUID task, int from, List<TaskRedo.Call> calls, List<String> asks, List<String> keyed) {
        List<TaskRedo.Call> known = calls.stream()
                .filter(call -> call.state() != CallState.FORGOTTEN)
                .toList();
        return new RedoPreview(
                task,
                from,
                known.stream().filter(TaskRedo.Call::forgotten).map(Call::of).toList(),
                known.stream()
                        .filter(call -> call.n() >= from && !call.forgotten())
                        .map(Call::of)
                        .toList(),
                (int) known.stream().filter(call -> call.n() < from).count(),
                asks,
                keyed);
    }
}
