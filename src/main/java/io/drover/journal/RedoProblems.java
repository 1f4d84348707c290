package io.drover.journal;

import io.drover.journal.TaskRedo.Call;
import io.drover.journal.TaskRedo.Plan;
import java.util.List;
import java.util.UUID;

/** Says why a dead task cannot be redone from a call. */
final class RedoProblems {

    private RedoProblems() {}

    /** @param calls all recorded calls of the task, in order */
    static Plan of(UUID task, int from, List<Call> calls) {
        List<Call> first = calls.stream().filter(call -> call.n() == from).toList();
        if (first.isEmpty()) {
            return new Plan.Unknown("task %s has no call %d; %s"
                    .formatted(
                            task,
                            from,
                            calls.isEmpty()
                                    ? "it made none, so retry it"
                                    : "its last call is " + calls.getLast().n()));
        }
        if (first.stream().anyMatch(Call::forgotten)) {
            return new Plan.Calls(calls);
        }
        Call kept = first.getFirst();
        String name = kept.tool().contains(":") ? kept.tool() : "tool:" + kept.tool();
        String why = kept.state() == CallState.FORGOTTEN
                ? "is forgotten already"
                : "is kept: a redo forgets only calls of models and of tools that only read, so that no effect is repeated";
        return new Plan.Kept("call %d (%s) %s; %s".formatted(from, name, why, wayOut(calls)));
    }

    private static String wayOut(List<Call> calls) {
        return calls.stream()
                .filter(Call::forgotten)
                .findFirst()
                .map(next -> "redo the task from call %d or from an earlier one".formatted(next.n()))
                .orElse("redo the task from an earlier call of a model, or retry it");
    }
}
