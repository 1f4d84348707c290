package io.drover.security;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.problem.Problem;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Logs people in to the console by a redirect to the issuer, and out.
 * The session is the issuer's access token in a cookie: any process knows it by the issuer's signature, and none stores it.
 */
final class LoginFilter extends OncePerRequestFilter {

    static final String LOGIN = "/console/login";
    static final String DONE = "/console/login/done";
    static final String LOGOUT = "/console/logout";
    static final String LOGGED_OUT = "/console/logged-out";

    /** A page of the console, and nothing that a browser could take for another host. */
    private static final Pattern OWN = Pattern.compile("/console(/[A-Za-z0-9_./-]*)?(\\?[!-~&&[^\\\\#]]*)?");

    /** A cookie holds it while somebody logs in. */
    private static final int LONGEST_OWN = 1_000;

    private static final String GUESSED = "login by redirect";

    private final ConsoleLogin login;
    private final OidcLogins tokens;
    private final GuessLimits guesses;
    private final Clock clock;

    LoginFilter(ConsoleLogin login, OidcLogins tokens, GuessLimits guesses, Clock clock) {
        this.login = login;
        this.tokens = tokens;
        this.guesses = guesses;
        this.clock = clock;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String what = request.getMethod() + " " + request.getRequestURI();
        switch (what) {
            case "GET " + LOGIN -> answered(request, response, () -> begin(request, response));
            case "GET " + DONE -> limited(request, response);
            case "POST " + LOGOUT -> {
                LoginCookies.clear(response);
                redirect(response, LOGGED_OUT);
            }
            default -> chain.doFilter(request, response);
        }
    }

    /** A code can be guessed, and each asks the issuer something. */
    private void limited(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Duration wait = guesses.begin(GUESSED, request.getRemoteAddr());
        if (wait != null) {
            ProblemResponse.write(
                    request,
                    response,
                    Problem.of(HttpStatus.TOO_MANY_REQUESTS, "too many logins from this address; try again later")
                            .retryAfter(wait));
            return;
        }
        answered(request, response, () -> {
            try {
                end(request, response);
            } catch (UnknownNowException e) {
                guesses.wasRight(GUESSED, request.getRemoteAddr()); // it is not known to be wrong
                throw e;
            }
            guesses.wasRight(GUESSED, request.getRemoteAddr());
        });
    }

    private static void answered(HttpServletRequest request, HttpServletResponse response, Runnable step)
            throws IOException {
        try {
            step.run();
        } catch (UnknownNowException e) {
            ProblemResponse.write(
                    request,
                    response,
                    Problem.of(HttpStatus.SERVICE_UNAVAILABLE, String.valueOf(e.getMessage()))
                            .retryAfter(Duration.ofSeconds(5)));
        } catch (AuthenticationException e) {
            ProblemResponse.write(
                    request,
                    response,
                    Problem.of(
                            HttpStatus.UNAUTHORIZED,
                            "the login did not succeed: %s; begin again at %s".formatted(e.getMessage(), LOGIN)));
        }
    }

    private void begin(HttpServletRequest request, HttpServletResponse response) {
        OAuth2AuthorizationRequest begun = login.begin(request);
        LoginCookies.begin(response, ConsoleLogin.kept(begun, own(request.getParameter("to"))));
        redirect(response, begun.getAuthorizationRequestUri());
    }

    private void end(HttpServletRequest request, HttpServletResponse response) {
        JsonNode begun = LoginCookies.begun(request, response);
        String code = request.getParameter("code");
        String state = request.getParameter("state");
        if (code == null || code.isBlank() || state == null || state.isBlank()) {
            throw new RefusedLoginException("the issuer gave no code");
        }
        if (begun == null) {
            throw new RefusedLoginException("this browser has not begun it, or too long ago");
        }
        String token = login.token(begun, code, state);
        LoginCookies.token(response, token, life(token));
        redirect(response, own(begun.path("to").asText()));
    }

    /**
     * How long a cookie may hold the token.
     * What the next request would refuse is refused here, or the browser would go back and forth without an end.
     */
    private Duration life(String token) {
        if (token.length() > LoginCookies.LONGEST_TOKEN) {
            throw new RefusedLoginException(
                    "the access token is longer than a cookie (%d bytes); have the issuer leave claims out"
                            .formatted(LoginCookies.LONGEST_TOKEN));
        }
        Authentication user = tokens.check(token);
        if (user == null || user.getAuthorities().isEmpty()) {
            throw new RefusedLoginException(
                    "the access token gives no role; have drover.security.oidc.grants name a value of its claim");
        }
        Instant end =
                user instanceof JwtAuthenticationToken jwt ? jwt.getToken().getExpiresAt() : null;
        Duration life = end == null ? Duration.ZERO : Duration.between(clock.instant(), end);
        if (life.getSeconds() < 1) {
            throw new RefusedLoginException(
                    "the access token is over already; have the issuer give it a longer life, and compare the clocks");
        }
        return life;
    }

    private static final class RefusedLoginException extends AuthenticationException {
        RefusedLoginException(String message) {
            super(message);
        }
    }

    private static String own(@Nullable String to) {
        return to != null
                        && to.length() <= LONGEST_OWN
                        && OWN.matcher(to).matches()
                        && !to.startsWith(LOGIN)
                        && !to.contains("//")
                        && !to.contains("..")
                ? to
                : "/console/tasks";
    }

    private static void redirect(HttpServletResponse response, String to) {
        response.setStatus(HttpStatus.SEE_OTHER.value());
        response.setHeader("Location", to);
        response.setHeader("Cache-Control", "no-store");
    }

    /** Sends a person without a login, or whose login is over, to the issuer; programs hear what others do. */
    static AuthenticationEntryPoint entry(AuthenticationEntryPoint refusal) {
        return (request, response, failure) -> {
            boolean page = request.getMethod().equals("GET")
                    && OWN.matcher(request.getRequestURI()).matches()
                    && request.getHeader("Authorization") == null
                    && String.valueOf(request.getHeader("Accept")).contains("text/html");
            if (!page || failure instanceof TooManyLoginsException || failure instanceof UnknownNowException) {
                refusal.commence(request, response, failure);
                return;
            }
            if (LoginCookies.token(request) != null) {
                LoginCookies.clear(response);
            }
            String query = request.getQueryString();
            redirect(
                    response,
                    LOGIN + "?to="
                            + URLEncoder.encode(
                                    request.getRequestURI() + (query == null ? "" : "?" + query),
                                    StandardCharsets.UTF_8));
        };
    }
}
