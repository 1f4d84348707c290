package io.drover.mcp;

import io.drover.security.Actors;
import io.drover.who.Actor;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpAsyncServerExchange;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;

/** The sender of a message; each is authenticated by itself, whatever session it belongs to. */
final class Caller {

    private static final String KEY = "caller";

    private Caller() {}

    /** On the request's own thread, for the one that answers it. */
    static McpTransportContext of(HttpServletRequest request) {
        return McpTransportContext.create(Map.of(KEY, Actors.current().orElse(Actor.NOBODY)));
    }

    static Actor of(McpAsyncServerExchange exchange) {
        return (Actor) exchange.transportContext().get(KEY);
    }
}
