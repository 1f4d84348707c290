package io.drover.start;

/**
 * The parts of a process in the order in which they start. They stop in the reverse order, and before Camel and the
 * web server. The order of these constants is the whole order; ArchitectureTest refuses any other number.
 */
public enum Sequence {

    /** Answers MCP clients. It starts with the web server, and stops last: clients wait for the last results. */
    MCP_SERVER,

    /** Other MCP servers' tools become routes here, before the route files, which name them. */
    EXTERNAL_SERVERS,

    /** The route files are loaded: tools, then workflows, then triggers. */
    ROUTE_FILES,

    /** The command {@code run} submits its task: the workflow is loaded, and no worker has claimed anything yet. */
    SUBMISSION,

    /** Claims tasks, when all that they need is loaded. It stops first: a stopping process takes nothing new. */
    WORKER;

    /** Among the listeners of the event that Camel has started; Spring calls the lowest first. */
    public int order() {
        return ordinal();
    }

    /** In Spring's lifecycle, which stops the highest first. */
    public int phase() {
        return Integer.MAX_VALUE - (values().length - 1 - ordinal());
    }
}
