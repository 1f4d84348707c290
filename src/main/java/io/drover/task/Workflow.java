package io.drover.task;

import io.drover.journal.Attempt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One version of a workflow. An attempt ends on the version it began on. */
public final class Workflow {

    /** Runs an attempt to its end. */
    @FunctionalInterface
    public interface Runner {
        /**
         * @return the output, a JSON document
         * @throws Exception when the attempt failed
         */
        String run(Attempt attempt) throws Exception;
    }

    private final WorkflowSpec spec;
    private final String routeId;
    private final long definition;
    private final Runner runner;
    private final Supplier<@Nullable String> outside;
    private final AtomicInteger running = new AtomicInteger();

    /** One whose steps are known to have effects by tools only. */
    public Workflow(WorkflowSpec spec, String routeId, long definition, Runner runner) {
        this(spec, routeId, definition, runner, () -> null);
    }

    /**
     * @param definition digest of the file it was read from
     * @param outside    finds a step that may have an effect outside a tool; null where there is none
     */
    public Workflow(
            WorkflowSpec spec, String routeId, long definition, Runner runner, Supplier<@Nullable String> outside) {
        this.spec = spec;
        this.routeId = routeId;
        this.definition = definition;
        this.runner = runner;
        this.outside = outside;
    }

    public WorkflowSpec spec() {
        return spec;
    }

    public String routeId() {
        return routeId;
    }

    public long definition() {
        return definition;
    }

    /** A step that may have an effect outside a tool, so that a dry run of it is none; null where there is no such step. */
    public @Nullable String effectOutsideTools() {
        return outside.get();
    }

    /** How many attempts this process is running on this version. */
    public int running() {
        return running.get();
    }

    void began() {
        running.incrementAndGet();
    }

    void ended() {
        running.decrementAndGet();
    }

    Runner runner() {
        return runner;
    }
}
