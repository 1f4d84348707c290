package io.drover.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where a child task stands.
 *
 * @param parent  the task that awaits it
 * @param root    the first task of the family, which has no parent
 * @param lineage the workflows from the first task to the parent, separated by slashes
 * @param call    the call of the parent that the task itself is, while it is open; null where others may await it, too
 */
public record Family(UUID parent, UUID root, String lineage, @Nullable Call call) {

    /**
     * A call whose address is the id of its child.
     *
     * @param n      as of a {@link CallRecord}
     * @param branch the same
     */
    public record Call(int n, @Nullable String branch) {}

    /** The workflows from the first task of a family to this task. */
    public static List<String> chain(ClaimedTask task) {
        List<String> chain = new ArrayList<>();
        if (task.family() != null) {
            chain.addAll(List.of(task.family().lineage().split("/")));
        }
        chain.add(task.workflow());
        return chain;
    }

    /** The family of the children of a task. */
    public static Family of(ClaimedTask parent) {
        UUID root = parent.family() == null ? parent.id() : parent.family().root();
        return new Family(parent.id(), root, String.join("/", chain(parent)), null);
    }

    Family of(Call itsCall) {
        return new Family(parent, root, lineage, itsCall);
    }

    static @Nullable Family read(@Nullable UUID parent, @Nullable UUID root, @Nullable String lineage) {
        return parent == null || root == null || lineage == null ? null : new Family(parent, root, lineage, null);
    }
}
