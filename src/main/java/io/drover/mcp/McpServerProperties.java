package io.drover.mcp;

import io.drover.start.Bounds;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is served at {@code /mcp}.
 *
 * @param callWait       how long a call waits for its outcome; the task continues after that. Defaults to 60 s.
 * @param sessionIdle    a session that was unused for this long is dropped. Defaults to 30 min.
 * @param allowedOrigins the web pages whose scripts may connect, as {@code https://console.example.com}. Defaults to
 *                       pages that this machine serves to itself.
 */
@ConfigurationProperties("drover.mcp-server")
record McpServerProperties(
        @DefaultValue("60s") Duration callWait,
        @DefaultValue("30m") Duration sessionIdle,
        @DefaultValue Set<String> allowedOrigins) {

    McpServerProperties {
        Bounds.ofTime("1ms", "1d", "60s").check("drover.mcp-server.call-wait", callWait);
        Bounds.ofTime("1ms", "30d", "30m").check("drover.mcp-server.session-idle", sessionIdle);
        for (String origin : allowedOrigins) {
            if (!isOrigin(origin)) {
                throw new IllegalArgumentException(
                        "drover.mcp-server.allowed-origins: '%s' must be scheme, host and port only, as in https://console.example.com"
                                .formatted(origin));
            }
        }
    }

    private static boolean isOrigin(String text) {
        try {
            URI uri = URI.create(text);
            return uri.getHost() != null && text.equals(uri.getScheme() + "://" + uri.getRawAuthority());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
