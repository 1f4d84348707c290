package io.drover.mcp;

import io.modelcontextprotocol.server.transport.ServerTransportSecurityException;
import io.modelcontextprotocol.server.transport.ServerTransportSecurityValidator;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps web pages out.
 * A page may have the name of its server point at this machine (DNS rebinding), but it cannot hide its origin.
 * Programs other than browsers send no origin.
 */
final class BrowserOrigins implements ServerTransportSecurityValidator {

    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    private final Set<String> allowed;

    BrowserOrigins(Set<String> allowed) {
        this.allowed = allowed;
    }

    @Override
    public void validateHeaders(Map<String, List<String>> headers) throws ServerTransportSecurityException {
        String origin = header(headers, "Origin");
        if (origin != null && !allowed.contains(origin) && !isOurOwn(origin, header(headers, "Host"))) {
            throw new ServerTransportSecurityException(403, "this origin may not connect");
        }
    }

    /** A page of the same host and port is trusted only if the name cannot be made to point elsewhere. */
    private static boolean isOurOwn(String origin, @Nullable String host) {
        try {
            URI uri = URI.create(origin);
            return host != null
                    && uri.getHost() != null
                    && THIS_MACHINE.contains(uri.getHost())
                    && uri.getRawAuthority().equalsIgnoreCase(host);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static @Nullable String header(Map<String, List<String>> headers, String name) {
        for (Map.Entry<String, List<String>> header : headers.entrySet()) {
            if (header.getKey().equalsIgnoreCase(name) && !header.getValue().isEmpty()) {
                return header.getValue().get(0);
            }
        }
        return null;
    }
}
