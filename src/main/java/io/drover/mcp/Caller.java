package io.drover.mcp;

import io.drover.security.Roles;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpAsyncServerExchange;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;

/**
 * Who sent a message; each is authenticated by itself, whatever session it belongs to.
 *
 * @param mayCall whether it is an operator
 */
record Caller(String user, boolean mayCall) {

    private static final String KEY = "caller";

    static McpTransportContext of(HttpServletRequest request) {
        return McpTransportContext.create(
                Map.of(KEY, new Caller(request.getRemoteUser(), request.isUserInRole(Roles.OPERATOR))));
    }

    static Caller of(McpAsyncServerExchange exchange) {
        return (Caller) exchange.transportContext().get(KEY);
    }
}
