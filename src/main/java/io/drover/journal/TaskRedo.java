package io.drover.journal;

import io.drover.who.Actor;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * A dead task is queued again, and forgets what its models answered and its tools read from a call on. What has effects, or
 * may have, is kept, and so is every other step.
 */
public interface TaskRedo {

    /** A recorded call. @param forgotten whether the redo forgets it */
    record Call(int n, String tool, CallState state, boolean forgotten) {}

    /** What a redo does, or why it cannot be. */
    sealed interface Plan {

        /** @param calls all recorded calls of the task, in order */
        record Calls(List<Call> calls) implements Plan {}

        /** The task, or the call, does not exist. */
        record Unknown(String what) implements Plan {}

        /** Only a dead task can be redone. */
        record WrongState(String why) implements Plan {}

        /** The call from which the task is to be redone cannot be forgotten. */
        record Kept(String why) implements Plan {}
    }

    /**
     * Says what a redo would do, and changes nothing.
     *
     * @param from  the number of the first call to forget
     * @param reads the tools that only read
     */
    Plan plan(UUID task, int from, Collection<String> reads);

    /** Does that, in one transaction, if the task is still dead then. @return what was done, or why nothing was */
    Plan redo(UUID task, int from, Collection<String> reads, Actor who);
}
