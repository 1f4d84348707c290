package io.drover.security;

import io.drover.problem.Problem;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses a path that can be read in two ways, before anything looks at it.
 * Tomcat chooses the servlet by one reading, and others decide by the other.
 * None of Drover's own paths needs such characters.
 */
@Component
@ConditionalOnWebApplication
@Order(Ordered.HIGHEST_PRECEDENCE)
class OddPaths extends OncePerRequestFilter {

    private static final List<String> ODD =
            List.of(";", "//", "/./", "/../", "\\", "%00", "%25", "%2e", "%2f", "%3b", "%5c");

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String path = request.getRequestURI().toLowerCase(Locale.ROOT);
        for (String odd : ODD) {
            if (path.contains(odd)) {
                ProblemResponse.write(
                        request,
                        response,
                        Problem.of(
                                HttpStatus.BAD_REQUEST,
                                "the request is not well formed: its path holds '%s'".formatted(odd)));
                return;
            }
        }
        chain.doFilter(request, response);
    }
}
