package io.drover.route.check;

import java.util.Locale;

/**
 * The kind of a route, which its {@code from} alone decides.
 * The order is the order of loading: no event comes in before Drover can work on it.
 */
public enum RouteKind {

    /** {@code from: tool:}, what a call does. */
    TOOL,

    /** {@code from: task:}, what an attempt does. */
    WORKFLOW,

    /**
     * Steps that other routes call.
     * A {@code from} that names no component counts as one, too: every process refuses it.
     */
    INNER,

    /** Anything else: its events come from outside. */
    TRIGGER;

    /** @param from the URI, with its placeholders resolved as far as they are known */
    public static RouteKind of(String from) {
        return switch (EndpointUri.of(from).component().toLowerCase(Locale.ROOT)) {
            case "tool" -> TOOL;
            case "task" -> WORKFLOW;
            case "agent", "direct", "seda", "" -> INNER;
            default -> TRIGGER;
        };
    }

    /** Whether two versions of it stand side by side, until the last attempt that began with the older one has ended. */
    public boolean isShared() {
        return this == TOOL || this == WORKFLOW;
    }
}
