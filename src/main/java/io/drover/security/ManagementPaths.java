package io.drover.security;

import io.drover.problem.Problem;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Serves nothing but probes and metrics on their port. */
@Component
@ConditionalOnWebApplication
@Order(Ordered.HIGHEST_PRECEDENCE)
class ManagementPaths extends OncePerRequestFilter {

    private static final Set<String> PATHS = Set.of("/health/live", "/health/ready", "/metrics");

    private final ConnectionLimits ports;

    ManagementPaths(ConnectionLimits ports) {
        this.ports = ports;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Integer port = ports.managementPort();
        if (port != null && request.getLocalPort() == port && !PATHS.contains(request.getRequestURI())) {
            ProblemResponse.write(request, response, Problem.notFound(request.getRequestURI()));
        } else {
            chain.doFilter(request, response);
        }
    }
}
