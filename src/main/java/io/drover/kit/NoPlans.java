package io.drover.kit;

import io.drover.journal.Executions;
import io.drover.who.Actor;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** No plan of a dry run is executed in a test. */
final class NoPlans implements Executions {

    @Override
    public void keep(UUID plan, UUID task, Actor who) {
        throw new UnsupportedOperationException("a test executes no plan");
    }

    @Override
    public void keepChild(Execution parent, UUID plan, UUID task) {
        throw new UnsupportedOperationException("a test executes no plan");
    }

    @Override
    public @Nullable Execution ofTask(UUID task) {
        return null;
    }

    @Override
    public @Nullable Execution ofPlan(UUID plan) {
        return null;
    }

    @Override
    public List<Planned> calls(UUID plan) {
        return List.of();
    }

    @Override
    public List<Shown> shown(UUID plan) {
        return List.of();
    }

    @Override
    public @Nullable Outside outside(UUID plan) {
        return null;
    }

    @Override
    public Map<Child, Queue<UUID>> children(UUID plan) {
        return Map.of();
    }
}
