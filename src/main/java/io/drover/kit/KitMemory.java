package io.drover.kit;

import io.drover.memory.FactStore;
import io.drover.memory.RecalledFact;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/** The long memory of a case. All facts of a key are near to what is asked: their meaning is not compared. */
final class KitMemory implements FactStore {

    private final Supplier<Stage> stage;

    KitMemory(Supplier<Stage> stage) {
        this.stage = stage;
    }

    @Override
    public List<RecalledFact> recall(String key, String query) {
        return stage.get().facts(key);
    }

    @Override
    public void remember(String key, String text, UUID task) {
        stage.get().remember(key, text);
    }

    @Override
    public int forget(String key) {
        return stage.get().forget(key);
    }
}
