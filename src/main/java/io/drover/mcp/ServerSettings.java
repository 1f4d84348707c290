package io.drover.mcp;

import io.drover.start.Bounds;
import io.drover.tool.Rate;
import io.drover.tool.ToolOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * One MCP server: {@code drover.mcp.<name>.*}.
 *
 * @param url            its endpoint (streamable HTTP), as {@code https://mcp.example.com/mcp}
 * @param authorization  the header Authorization; refer to a secret, as in {@code Bearer ${SHOP_TOKEN}}
 * @param authorizationFile a file that holds that header's value instead, such as a mounted secret; it is read for each
 *                       request, so a rotated secret counts from the next one on
 * @param headers        other headers of every request
 * @param timeout        for one try of a call
 * @param retries        tries after the first, in one attempt of the task
 * @param throttle       calls of each tool, for the whole fleet
 * @param concurrency    concurrent calls of each tool in one process; 0 for no limit
 * @param maxResultBytes the longest result that is accepted
 * @param tags           of all its tools, beside the server's name
 * @param refresh        how often its tools are listed again, or an unreachable server is tried again
 */
record ServerSettings(
        @Nullable URI url,
        @Nullable String authorization,
        @Nullable Path authorizationFile,
        @DefaultValue Map<String, String> headers,
        @DefaultValue("30s") Duration timeout,
        @DefaultValue("2") int retries,
        @DefaultValue("1000/1s") String throttle,
        @DefaultValue("0") int concurrency,
        @DefaultValue("1048576") int maxResultBytes,
        @DefaultValue Set<String> tags,
        @DefaultValue("30s") Duration refresh) {

    void check(String property) {
        if (url == null || url.getHost() == null || !Set.of("http", "https").contains(url.getScheme())) {
            throw new IllegalArgumentException(
                    "%s.url (%s) must be the http or https address of its endpoint, as in https://mcp.example.com/mcp"
                            .formatted(property, url));
        }
        if (url.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "%s.url must not contain a password; use %s.authorization".formatted(property, property));
        }
        if (authorization != null && authorizationFile != null) {
            throw new IllegalArgumentException(
                    "%s has both authorization and authorization-file; leave one of them out".formatted(property));
        }
        ToolOptions.TIMEOUT.check(property + ".timeout", timeout);
        ToolOptions.RETRIES.check(property + ".retries", retries);
        ToolOptions.CONCURRENCY.check(property + ".concurrency", concurrency);
        ToolOptions.MAX_RESULT_BYTES.check(property + ".max-result-bytes", maxResultBytes);
        Rate.check(property + ".throttle", throttle);
        Bounds.ofTime("1ms", "1d", "30s").check(property + ".refresh", refresh);
        for (String tag : tags) {
            if (tag.isBlank() || tag.contains(",")) {
                throw new IllegalArgumentException("%s.tags: '%s' is not a tag".formatted(property, tag));
            }
        }
    }

    /** The address without its path. */
    String origin() {
        return url == null ? "" : url.getScheme() + "://" + url.getRawAuthority();
    }

    /** Leaves out what may be secret. */
    @Override
    public String toString() {
        return url == null ? "" : origin() + url.getRawPath();
    }
}
