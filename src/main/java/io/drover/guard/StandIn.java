package io.drover.guard;

import io.drover.tool.ToolSpec;
import java.time.Duration;
import java.util.List;
import org.apache.camel.model.ProcessorDefinition;

/**
 * Stands in for what is outside of the process: the other sides of tools, and the time that passes. A test has one, and no other
 * process.
 */
public interface StandIn {

    /** What the guard stands around in place of an author's steps; which may be these. */
    List<ProcessorDefinition<?>> inPlaceOf(ToolSpec tool, List<ProcessorDefinition<?>> steps);

    /** A call waits so long before it is tried again. */
    void pass(Duration time);

    /** As {@link System#nanoTime}. */
    long nanoTime();
}
