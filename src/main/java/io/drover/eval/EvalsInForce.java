package io.drover.eval;

import io.drover.json.Digest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The evals of the file, as this process knows them. */
@Component
public class EvalsInForce {

    /** An eval, and its checks as they are asked. */
    public record Usable(Eval eval, Checks checks) {}

    private volatile Map<String, Usable> evals = Map.of();
    private volatile boolean read;

    /** What the file says. */
    public void put(List<Eval> all) {
        evals = all.stream()
                .collect(Collectors.toUnmodifiableMap(
                        Eval::workflow, eval -> new Usable(eval, new Checks(eval.checks()))));
        read = true;
    }

    /** Whether a file of evals could be read, or there is none. */
    public boolean isAnyInForce() {
        return read;
    }

    /** Whether a new task is in the sample of its workflow. Who is in at 1 % is in at 25 %. */
    public boolean isSampled(String workflow, UUID task) {
        Usable usable = evals.get(workflow);
        return usable != null
                && Long.remainderUnsigned(Digest.bits("eval", task.toString()), Eval.ALL)
                        < usable.eval().sample();
    }

    /** That have one. */
    public Set<String> workflows() {
        return evals.keySet();
    }

    /** Of a workflow, or null. */
    public @Nullable Usable of(String workflow) {
        return evals.get(workflow);
    }
}
