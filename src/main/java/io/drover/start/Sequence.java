package io.drover.start;

/**
 * The parts of a process in the order in which they start; they stop in the reverse order. All of them stop before Camel and the web
 * server do. The order of the constants is the whole order: nobody has a number of his own.
 */
public enum Sequence {

    /** Answers MCP clients. It starts with the web server and stops last: clients still wait for the worker's last results. */
    MCP_SERVER,

    /** Other MCP servers' tools become routes here, before the route files, which name them. */
    EXTERNAL_SERVERS,

    /** The route files are loaded: tools, then workflows, then triggers. */
    ROUTE_FILES,

    /** The task of the command {@code run} is submitted: its workflow is there, and no worker has claimed anything yet. */
    SUBMISSION,

    /** Tasks are claimed, as all that they may need is there; it stops first, so that a stopping process takes nothing new. */
    WORKER;

    /** Among the listeners of the event that says that Camel has started; Spring calls the least first. */
    public int order() {
        return ordinal();
    }

    /** Of Spring's lifecycle, which stops the greatest first. */
    public int phase() {
        return Integer.MAX_VALUE - (values().length - 1 - ordinal());
    }
}
