package io.drover.security;

import io.drover.problem.Problem;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses requests that a page of another site made a browser send.
 * A browser that knows a user's password adds it to everything that any page sends here.
 * Only the browser says where a request comes from: by {@code Sec-Fetch-Site}, which no page can set, or, over plain
 * HTTP, by {@code Origin}.
 * Programs send neither, and hold no password that another site could use.
 * Who is logged in by a cookie is a browser, so it has to say one of the two.
 */
final class CrossSiteRequests extends OncePerRequestFilter {

    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");
    private static final Set<String> OWN_PAGES = Set.of("same-origin", "none"); // none: typed or bookmarked by the user

    private final RequestMatcher hooks;

    /** @param hooks what is no mere reading, whatever its method */
    CrossSiteRequests(RequestMatcher hooks) {
        this.hooks = hooks;
    }

    /** A setting of its own says which pages may connect to MCP. */
    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return request.getRequestURI().equals("/mcp");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (isOwn(request) || SAFE.contains(request.getMethod()) && !hooks.matches(request)) {
            chain.doFilter(request, response);
            return;
        }
        ProblemResponse.write(
                request,
                response,
                Problem.of(
                        HttpStatus.FORBIDDEN,
                        "a page of another site made the browser send this; Drover accepts %s here only from its own pages and from programs"
                                .formatted(request.getMethod())));
    }

    private static boolean isOwn(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null) {
            return OWN_PAGES.contains(site.toLowerCase(Locale.ROOT));
        }
        String origin = request.getHeader("Origin");
        if (origin == null) {
            return LoginCookies.token(request) == null;
        }
        return host(origin).equalsIgnoreCase(request.getHeader("Host"));
    }

    /** Host and port; the scheme is left out, because a proxy may have taken TLS away. */
    private static String host(String origin) {
        try {
            @Nullable String host = URI.create(origin).getRawAuthority();
            return host == null ? "" : host;
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
