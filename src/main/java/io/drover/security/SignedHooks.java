package io.drover.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.stereotype.Component;

/**
 * The hooks of {@code drover.security.hooks}; matches requests to them, and to nothing else.
 * Another spelling of such a path is none of them, so it needs a login.
 */
@Component
@ConditionalOnWebApplication
class SignedHooks implements RequestMatcher {

    /** What the sender of a request with a right signature may do: send it. It is no role. */
    static final String AUTHORITY = "SIGNED_HOOK";

    private final Map<String, SignedHook> byPath;

    SignedHooks(HookProperties properties) {
        byPath = properties.hooks().stream()
                .map(SignedHook::new)
                .collect(Collectors.toUnmodifiableMap(SignedHook::path, Function.identity()));
    }

    boolean isEmpty() {
        return byPath.isEmpty();
    }

    /** The hook that a request goes to, or null. */
    @Nullable
    SignedHook of(HttpServletRequest request) {
        return byPath.get(request.getRequestURI());
    }

    @Override
    public boolean matches(HttpServletRequest request) {
        return of(request) != null;
    }
}
