package io.drover.journal;

/**
 * A call whose result is the end of another task.
 *
 * @param call   in the state {@link CallState#PENDING}
 * @param task   the child
 * @param shared whether the child may be there already: it is not cancelled with its parent
 * @param orphan whether the child goes on when its parent is cancelled
 */
public record ChildCall(CallRecord call, NewTask task, boolean shared, boolean orphan) {

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
