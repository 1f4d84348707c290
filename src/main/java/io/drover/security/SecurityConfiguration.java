package io.drover.security;

import io.drover.json.Excerpt;
import io.drover.problem.Problem;
import io.drover.task.IntakeRoom;
import io.drover.task.TaskProperties;
import io.drover.who.Actor;
import io.drover.who.Role;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.header.writers.ContentSecurityPolicyHeaderWriter;
import org.springframework.security.web.header.writers.DelegatingRequestMatcherHeaderWriter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;

/**
 * HTTP Basic, an API key or a token of the issuer on every path but the two probes, also on the hooks that routes offer, unless their
 * senders sign.
 * A browser may have the token in a cookie ({@link LoginFilter}).
 * There is no session that could hold a token against forged requests.
 * {@link CrossSiteRequests} refuses them by what browsers say about their origin.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
class SecurityConfiguration {

    private static final String MCP = "/mcp";
    private static final String[] JOLOKIA = {"/jolokia", "/jolokia/**", "/hawtio/jolokia", "/hawtio/jolokia/**"};
    private static final String PROXY = "/hawtio/proxy/**";
    private static final String[] VIEWED = {
        "/", "/api/**", "/console/**", "/hawtio", "/hawtio/**", "/health", "/health/**", "/loggers", "/loggers/**"
    };
    /** These show nothing but payloads, or are asked by one: all other views leave them out. */
    private static final String[] CONTENT = {
        "/api/memory",
        "/api/set-aside/{id}",
        "/api/tasks/{id}/calls/{n}/sample",
        "/api/dead/retry",
        "/console/dead/retry"
    };

    private static final String CHALLENGE = "Basic realm=\"drover\", charset=\"UTF-8\"";
    private static final String BEARER_SCHEME = "Bearer ";
    private static final String BEARER = "Bearer realm=\"drover\"";

    private static final String CONSOLE_POLICY =
            "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    @Bean
    RememberingPasswordEncoder passwordEncoder(Clock clock) {
        return new RememberingPasswordEncoder(PasswordEncoderFactories.createDelegatingPasswordEncoder(), clock);
    }

    @Bean
    GuessLimits guessLimits(Clock clock) {
        return new GuessLimits(clock);
    }

    @Bean
    SecurityFilterChain everything(
            HttpSecurity http,
            HookRequests hooks,
            SignedHooks signed,
            GuessLimits guesses,
            IntakeRoom room,
            TaskProperties limits,
            BearerLogins tokens,
            WorkflowGate workflows,
            LimitProperties callers,
            ConsoleLogin login,
            OidcLogins issuer,
            Clock clock)
            throws Exception {
        AuthenticationEntryPoint entry =
                login.isConfigured() ? LoginFilter.entry(SecurityConfiguration::refuse) : SecurityConfiguration::refuse;
        if (!signed.isEmpty()) {
            http.addFilterBefore(
                    new SignatureFilter(signed, guesses, room, limits, clock), BearerTokenAuthenticationFilter.class);
        }
        http.addFilterBefore(new CrossSiteRequests(hooks), BearerTokenAuthenticationFilter.class);
        if (login.isConfigured()) {
            http.addFilterBefore(new LoginFilter(login, issuer, guesses, clock), BearerTokenAuthenticationFilter.class);
        }
        if (callers.requestsPerSecond() > 0) {
            http.addFilterAfter(
                    new CallerRates(callers.requestsPerSecond(), System::nanoTime), AuthorizationFilter.class);
        }
        return http.authorizeHttpRequests(requests -> decide(requests, hooks, signed, login))
                .httpBasic(basic -> basic.authenticationEntryPoint(SecurityConfiguration::refuse))
                .addFilter(bearer(tokens, login, entry))
                .exceptionHandling(handling -> handling.authenticationEntryPoint(entry)
                        .accessDeniedHandler((request, response, failure) ->
                                ProblemResponse.write(request, response, refusal(request))))
                .addFilterAfter(new AuthorizationFilter(workflows), AuthorizationFilter.class)
                // Without a referrer at all, browsers would not say the origin of a form either.
                .headers(headers -> headers.referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.SAME_ORIGIN))
                        .addHeaderWriter(new DelegatingRequestMatcherHeaderWriter(
                                request -> request.getRequestURI().startsWith("/console/"),
                                new ContentSecurityPolicyHeaderWriter(CONSOLE_POLICY))))
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .formLogin(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .build();
    }

    /** Not by the configurer of a resource server: that takes tokens of DPoP, too, and their proofs twice (CVE-2026-41707). */
    private static BearerTokenAuthenticationFilter bearer(
            BearerLogins tokens, ConsoleLogin login, AuthenticationEntryPoint entry) {
        BearerTokenAuthenticationFilter filter =
                new BearerTokenAuthenticationFilter((AuthenticationManager) tokens::login);
        filter.setBearerTokenResolver(request -> bearerToken(request, login.isConfigured()));
        filter.setAuthenticationEntryPoint(entry);
        return filter;
    }

    private static void refuse(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
            throws IOException {
        if (failure instanceof TooManyLoginsException tooMany) {
            ProblemResponse.write(
                    request,
                    response,
                    Problem.of(HttpStatus.TOO_MANY_REQUESTS, String.valueOf(tooMany.getMessage()))
                            .retryAfter(tooMany.retryAfter()));
            return;
        }
        if (failure instanceof UnknownNowException) {
            ProblemResponse.write(
                    request,
                    response,
                    Problem.of(HttpStatus.SERVICE_UNAVAILABLE, String.valueOf(failure.getMessage()))
                            .retryAfter(Duration.ofSeconds(5)));
            return;
        }
        response.setHeader("WWW-Authenticate", CHALLENGE);
        response.addHeader("WWW-Authenticate", BEARER);
        ProblemResponse.write(
                request,
                response,
                Problem.of(
                        HttpStatus.UNAUTHORIZED,
                        "this request needs a user; send HTTP Basic credentials of one of drover.security.users,"
                                + " or an API key or a token that counts as Authorization: Bearer"));
    }

    /**
     * Of the header, or else of the cookie: Spring's own reader would read the body of a form, before any limit.
     * MCP is for programs: {@link CrossSiteRequests} leaves it out, so a browser's cookie does not count there.
     */
    private static @Nullable String bearerToken(HttpServletRequest request, boolean cookies) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null && cookies && !matches(MCP, request)) {
            return LoginCookies.token(request);
        }
        if (header == null || !header.regionMatches(true, 0, BEARER_SCHEME, 0, BEARER_SCHEME.length())) {
            return null;
        }
        String token = header.substring(BEARER_SCHEME.length()).strip();
        return token.isEmpty() ? null : token;
    }

    /** Each path has its decision; what has none is the operator's. AccessMatrixTest walks through all that is served. */
    private static void decide(
            AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry requests,
            HookRequests hooks,
            SignedHooks signed,
            ConsoleLogin login) {
        if (login.isConfigured()) { // for who has just logged out
            requests.requestMatchers(HttpMethod.GET, LoginFilter.LOGGED_OUT, "/console/assets/*")
                    .permitAll();
        }
        requests.dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.ASYNC, DispatcherType.FORWARD)
                .permitAll()
                .requestMatchers("/health/live", "/health/ready")
                .permitAll()
                .requestMatchers(HttpMethod.POST, JOLOKIA) // JolokiaAccess says who may do what
                .hasAnyRole(any(Role.OPERATOR, Role.VIEWER))
                .requestMatchers(JOLOKIA) // Hawtio's first GET takes 403 for an agent; Jolokia's own refusal is a 200
                .denyAll()
                .requestMatchers(PROXY)
                .denyAll()
                .requestMatchers(signed) // SignatureFilter has let in none but the sender
                .hasAuthority(SignedHooks.AUTHORITY)
                .requestMatchers(
                        "/api/keys", "/api/keys/{id}", "/console/keys", "/console/keys/{id}/revoke", "/api/erasures")
                .hasRole(Role.ADMIN.text())
                .requestMatchers(hooks)
                .hasAnyRole(any(Role.OPERATOR, Role.SUBMITTER))
                .requestMatchers(MCP) // what a viewer may do there is decided by the message, not by the method
                .hasAnyRole(any(Role.OPERATOR, Role.VIEWER))
                .requestMatchers(HttpMethod.POST, "/api/tasks/{workflow}", "/api/signals/{name}")
                .hasAnyRole(any(Role.OPERATOR, Role.SUBMITTER))
                .requestMatchers(
                        HttpMethod.POST,
                        "/api/approvals/**",
                        "/console/approvals/**",
                        "/api/standing-grants",
                        "/console/standing-grants")
                .hasRole(Role.APPROVER.text())
                .requestMatchers(HttpMethod.POST, "/api/tasks/{id}/execute", "/console/tasks/{id}/execute")
                .hasAnyRole(any(Role.OPERATOR, Role.APPROVER))
                .requestMatchers(HttpMethod.DELETE, "/api/standing-grants/{id}")
                .hasAnyRole(any(Role.OPERATOR, Role.APPROVER))
                .requestMatchers(HttpMethod.POST, "/console/standing-grants/{id}/revoke")
                .hasAnyRole(any(Role.OPERATOR, Role.APPROVER));
        for (HttpMethod reading : List.of(HttpMethod.GET, HttpMethod.HEAD)) {
            requests.requestMatchers(reading, CONTENT)
                    .hasAnyRole(any(Role.OPERATOR, Role.READER, Role.APPROVER))
                    .requestMatchers(reading, "/api/can")
                    .hasAnyRole(any(Role.OPERATOR, Role.VIEWER, Role.APPROVER, Role.SUBMITTER, Role.ADMIN))
                    .requestMatchers(reading, "/console/assets/*")
                    .hasAnyRole(any(Role.OPERATOR, Role.VIEWER, Role.APPROVER, Role.ADMIN))
                    .requestMatchers(reading, "/metrics")
                    .hasAnyRole(any(Role.OPERATOR, Role.VIEWER, Role.APPROVER, Role.SCRAPER))
                    .requestMatchers(
                            reading,
                            "/api/tasks",
                            "/api/tasks/{id}",
                            "/api/tasks/{id}/events",
                            "/api/tasks/{id}/children",
                            "/api/tasks/{id}/conversations")
                    .hasAnyRole(any(Role.OPERATOR, Role.VIEWER, Role.APPROVER, Role.SUBMITTER))
                    .requestMatchers(reading, VIEWED)
                    .hasAnyRole(any(Role.OPERATOR, Role.VIEWER, Role.APPROVER));
        }
        requests.anyRequest().hasRole(Role.OPERATOR.text());
    }

    private static String[] any(Role... roles) {
        return Arrays.stream(roles).map(Role::text).toArray(String[]::new);
    }

    private static boolean matches(String path, HttpServletRequest request) {
        return PathPatternRequestMatcher.withDefaults().matcher(path).matches(request);
    }

    private static Problem refusal(HttpServletRequest request) {
        return request.getAttribute(WorkflowGate.HIDDEN) instanceof Problem hidden
                ? hidden
                : Problem.of(HttpStatus.FORBIDDEN, why(request));
    }

    private static String why(HttpServletRequest request) {
        Actor actor = Actors.current().orElse(Actor.NOBODY);
        if (!actor.workflows().isAll()) {
            return "this caller is limited to the workflows %s, and this needs another role, or is about others, too"
                    .formatted(actor.workflows().text());
        }
        boolean reads = Set.of("GET", "HEAD").contains(request.getMethod());
        if (!reads && request.getRequestURI().contains("/approvals/")) {
            return "only a user with the role approver may vote";
        }
        if (!reads && request.getRequestURI().contains("/standing-grants")) {
            return "only a user with the role approver may approve in advance";
        }
        if (request.getRequestURI().startsWith("/api/keys")
                || request.getRequestURI().startsWith("/console/keys")) {
            return "only a user with the role admin may make, list and revoke keys";
        }
        if (request.getRequestURI().startsWith("/api/erasures")) {
            return "only a user with the role admin may erase what is kept about a person";
        }
        if (actor.is(Role.OPERATOR)) {
            return request.getRequestURI().startsWith("/hawtio/proxy")
                    ? "Drover forwards no request to another process"
                    : "Jolokia answers only to POST";
        }
        if (actor.is(Role.VIEWER)) {
            return reads && !actor.seesPayloads() && Stream.of(CONTENT).anyMatch(path -> matches(path, request))
                    ? "this shows payloads, which a viewer may not read; it needs the role reader"
                    : "a viewer may only read; this %s needs the role operator".formatted(request.getMethod());
        }
        if (actor.is(Role.APPROVER)) {
            return "an approver may only read and vote; this %s needs the role operator".formatted(request.getMethod());
        }
        if (actor.is(Role.ADMIN)) {
            return "an admin may only make, list and revoke keys, as at /console/keys; this needs the role viewer or operator";
        }
        return actor.is(Role.SUBMITTER)
                ? "a submitter may only submit tasks and read its own; this needs the role viewer or operator"
                : actor.is(Role.SCRAPER)
                        ? "a scraper may only read /metrics; this needs the role viewer or operator"
                        : "this caller has none of the roles that may do this";
    }

    /** Refuses requests before anything looks at them: odd paths, methods and header values. */
    @Bean
    RequestRejectedHandler rejectedRequests() {
        return (request, response, rejected) -> ProblemResponse.write(
                request,
                response,
                Problem.of(
                        HttpStatus.BAD_REQUEST,
                        "the request is not well formed: " + Excerpt.of(rejected.getMessage())));
    }
}
