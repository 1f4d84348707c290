package io.drover.journal;

import io.drover.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A call whose result is the end of another task.
 *
 * @param call   in the state {@link CallState#PENDING}
 * @param task   the child
 * @param shared whether the child may be there already: it is not cancelled with its parent
 * @param orphan whether the child goes on when its parent is cancelled
 */
public record ChildCall(CallRecord call, NewTask task, boolean shared, boolean orphan) {

    /** What a call says of its child. */
    public static String arguments(@Nullable String key, UUID task) {
        Map<String, String> arguments = new LinkedHashMap<>();
        if (key != null) {
            arguments.put("key", key);
        }
        arguments.put("task", task.toString());
        return Json.write(arguments);
    }

    /** Whether the child is this call itself while it is open: only its parent awaits it, and takes it along when it is cancelled. */
    boolean isKept() {
        return !shared && !orphan && call.address().equals(task.id());
    }

    /** The child as it is stored. */
    NewTask stored() {
        return isKept() ? task.as(new Family.Call(call.n(), call.branch())) : task;
    }

    long length() {
        return call.length() + task.input().length();
    }
}
