package io.drover.task;

import io.drover.journal.Attempt;
import java.util.concurrent.atomic.AtomicInteger;

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
    private final AtomicInteger running = new AtomicInteger();

    /** @param definition digest of the file it was read from */
    public Workflow(WorkflowSpec spec, String routeId, long definition, Runner runner) {
        this.spec = spec;
        this.routeId = routeId;
        this.definition = definition;
        this.runner = runner;
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
