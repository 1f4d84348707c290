package io.drover.manage;

import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

/** Who calls an MBean, for the audit. */
final class Caller {

    private Caller() {}

    /** The user of the request, or {@code jmx} for a client within the machine. */
    static String name() {
        Authentication user = SecurityContextHolder.getContext().getAuthentication();
        return user == null ? "jmx" : user.getName();
    }

    static boolean isOperator() {
        Authentication user = SecurityContextHolder.getContext().getAuthentication();
        return user != null
                && user.getAuthorities().stream()
                        .anyMatch(authority -> authority.getAuthority().equals("ROLE_operator"));
    }
}
