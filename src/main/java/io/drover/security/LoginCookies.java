package io.drover.security;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.drover.json.Json;
import io.drover.who.KeyText;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;

/**
 * The two cookies of a login by redirect, which no script reads and no other site has sent with a form.
 * Their prefix {@code __Host-} has browsers refuse them from other hosts, and without TLS (RFC 6265bis, 4.1.3).
 */
final class LoginCookies {

    /** The access token, as the issuer signed it. */
    private static final String TOKEN = "__Host-drover";

    /** What a login that is under way began with. */
    private static final String BEGUN = "__Host-drover-login";

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /** Browsers keep 4096 bytes of a cookie, with its name and attributes. */
    static final int LONGEST_TOKEN = 3_900;

    private LoginCookies() {}

    /** A key does not count in a cookie: it would be a login that no one has begun, and that no logout is for. */
    static @Nullable String token(HttpServletRequest request) {
        String token = value(request, TOKEN);
        return token == null || KeyText.isKey(token) ? null : token;
    }

    static void token(HttpServletResponse response, String token, Duration age) {
        set(response, TOKEN, token, age);
    }

    static void clear(HttpServletResponse response) {
        set(response, TOKEN, "", Duration.ZERO);
    }

    static void begin(HttpServletResponse response, Map<String, String> begun) {
        set(response, BEGUN, base64(Json.write(begun)), PATIENCE);
    }

    /** What the login began with, which is used once; missing if this browser has begun none. */
    static @Nullable JsonNode begun(HttpServletRequest request, HttpServletResponse response) {
        String value = value(request, BEGUN);
        set(response, BEGUN, "", Duration.ZERO);
        try {
            return value == null
                    ? null
                    : Json.parse(new String(Base64.getUrlDecoder().decode(value), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException | JsonProcessingException e) {
            return null; // it is not ours
        }
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static @Nullable String value(HttpServletRequest request, String name) {
        if (request.getCookies() != null) {
            for (Cookie cookie : request.getCookies()) {
                if (cookie.getName().equals(name) && !cookie.getValue().isEmpty()) {
                    return cookie.getValue();
                }
            }
        }
        return null;
    }

    private static void set(HttpServletResponse response, String name, String value, Duration age) {
        response.addHeader(
                HttpHeaders.SET_COOKIE,
                ResponseCookie.from(name, value)
                        .path("/")
                        .secure(true)
                        .httpOnly(true)
                        .sameSite("Lax")
                        .maxAge(age)
                        .build()
                        .toString());
    }
}
