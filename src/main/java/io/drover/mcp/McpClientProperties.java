package io.drover.mcp;

import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The MCP servers whose tools are called from here.
 *
 * @param mcp by name; their tools appear as {@code <name>_<tool>}
 */
@ConfigurationProperties("drover")
record McpClientProperties(@DefaultValue Map<String, ServerSettings> mcp) {

    McpClientProperties {
        mcp = Map.copyOf(mcp);
        mcp.forEach((name, settings) -> {
            if (!name.matches("[A-Za-z][A-Za-z0-9-]{0,30}")) { // the first '_' of a tool's name ends the server's
                throw new IllegalArgumentException(
                        "drover.mcp.%s needs a name of 1 to 31 letters, digits and '-', beginning with a letter"
                                .formatted(name));
            }
            settings.check("drover.mcp." + name);
        });
    }
}
