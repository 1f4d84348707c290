package io.drover.security;

import jakarta.servlet.http.HttpServletRequest;
import org.apache.camel.component.platform.http.springboot.CamelRequestHandlerMapping;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.stereotype.Component;

/**
 * Matches the requests that go to a route, whatever their path.
 * Each is a submission, whatever its method.
 */
@Component
@ConditionalOnWebApplication
class HookRequests implements RequestMatcher {

    private final ObjectProvider<CamelRequestHandlerMapping> mappings;

    /** @param mappings found later: they need Camel, which starts after the web server */
    HookRequests(ObjectProvider<CamelRequestHandlerMapping> mappings) {
        this.mappings = mappings;
    }

    @Override
    public boolean matches(HttpServletRequest request) {
        return mappings.stream().anyMatch(mapping -> takes(mapping, request));
    }

    private static boolean takes(CamelRequestHandlerMapping mapping, HttpServletRequest request) {
        try {
            return mapping.getHandler(request) != null;
        } catch (Exception e) {
            return true; // there is a hook on the path, for another method or type
        }
    }
}
