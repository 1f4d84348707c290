package io.drover.security;

import io.drover.problem.Problem;
import io.drover.who.KeyText;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses a request whose URL holds an API key, also where another credential would let it in.
 * Proxies, browsers and monitoring keep URLs.
 */
@Component
@ConditionalOnWebApplication
@Order(Ordered.HIGHEST_PRECEDENCE)
class KeysInUrls extends OncePerRequestFilter {

    private static final Problem REFUSAL = Problem.of(
            HttpStatus.BAD_REQUEST,
            "key-in-url",
            "the URL holds an API key, and URLs are logged; send the key as Authorization: Bearer, and revoke this one");

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String query = request.getQueryString();
        if (!KeyText.isIn(request.getRequestURI()) && (query == null || !KeyText.isIn(query))) {
            chain.doFilter(request, response);
            return;
        }
        response.setStatus(REFUSAL.status().value());
        response.setContentType(Problem.MEDIA_TYPE);
        response.getOutputStream().write(REFUSAL.json(null).getBytes(StandardCharsets.UTF_8)); // without the path
    }
}
