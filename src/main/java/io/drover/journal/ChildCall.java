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

    /** Whether it is cancelled with its parent. */
    boolean isOwned() {
        return !shared && !orphan;
    }

    long length() {
        return call.length() + task.input().length();
    }
}
