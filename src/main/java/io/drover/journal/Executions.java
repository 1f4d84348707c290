package io.drover.journal;

import io.drover.who.Actor;
import io.drover.who.Role;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The dry runs whose plans are executed: which live task does that, and who had it done. */
public interface Executions {

    /**
     * A plan that is executed.
     *
     * @param who   had it executed
     * @param votes whether that person may approve calls
     */
    record Execution(UUID plan, UUID task, String who, boolean votes) {

        /** Who votes for the calls of the plan, or null. */
        public @Nullable Actor voter() {
            return votes ? Actor.person(who, Role.APPROVER) : null;
        }
    }

    /** A call that a dry run did not make. @param arguments their canonical JSON */
    record Planned(String tool, String arguments) {}

    /** The same, of any task of the plan, as people see it. @param asks why a person would have been asked, or null */
    record Shown(UUID task, int n, String tool, String arguments, @Nullable String asks) {}

    /** A task that a plan cannot hold. @param status its own, or null where its parent does not await it as its own */
    record Outside(UUID parent, int n, String tool, @Nullable String status) {}

    /** What a child is known by. @param input its canonical JSON */
    record Child(String workflow, @Nullable String key, String input) {}

    /** Keeps that a plan is executed, before its task is submitted. The first who did it stays. */
    void keep(UUID plan, UUID task, Actor who);

    /** The same for a child of its task, which executes the plan of a child of the dry run. */
    void keepChild(Execution parent, UUID plan, UUID task);

    /** Of the live task, or null where it executes no plan. */
    @Nullable
    Execution ofTask(UUID task);

    /** Of the dry run, or null where it is not executed. */
    @Nullable
    Execution ofPlan(UUID plan);

    /** The calls that a plan leaves to be made, and its signals, each as often as it stands there. */
    List<Planned> calls(UUID plan);

    /** The same of the whole family: what people look at before they have it executed. */
    List<Shown> shown(UUID plan);

    /** The first task that the dry run, or a child of it, submitted and that has no plan; null if there is none. */
    @Nullable
    Outside outside(UUID plan);

    /** The children of a dry run whose plans are not executed yet, in order; equal ones stand for each other. */
    Map<Child, Queue<UUID>> children(UUID plan);
}
