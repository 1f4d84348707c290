package io.drover.mcp;

import com.fasterxml.jackson.databind.module.SimpleModule;
import io.drover.json.Json;
import io.drover.task.TaskProperties;
import io.modelcontextprotocol.json.jackson2.JacksonMcpJsonMapper;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import java.time.Duration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** {@code /mcp}: streamable HTTP, behind the same filters as every path. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
class McpEndpoint {

    private static final String PATH = "/mcp";

    /** A proxy must not take a quiet stream for a dead connection. */
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(30);

    @Bean
    HttpServletStreamableServerTransportProvider mcpTransport(McpServerProperties properties, TaskProperties limits) {
        return HttpServletStreamableServerTransportProvider.builder()
                .mcpEndpoint(PATH)
                .jsonMapper(new MessageMapper(new JacksonMcpJsonMapper(
                        Json.envelopes().registerModule(new SimpleModule().addSerializer(new ErrorAnswer())))))
                .contextExtractor(Caller::of)
                .securityValidator(new BrowserOrigins(properties.allowedOrigins()))
                .maxRequestSize(limits.maxInputBytes())
                .keepAliveInterval(KEEP_ALIVE)
                .sessionSweepInterval(properties.sessionIdle())
                .build();
    }

    @Bean
    ServletRegistrationBean<HttpServletStreamableServerTransportProvider> mcpServlet(
            HttpServletStreamableServerTransportProvider transport) {
        ServletRegistrationBean<HttpServletStreamableServerTransportProvider> servlet =
                new ServletRegistrationBean<>(transport, PATH);
        servlet.setName("mcp");
        return servlet;
    }
}
