package io.drover.security;

import io.drover.who.Actor;
import io.drover.who.Role;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;

/** Turns the user of a request, as Spring Security knows it, into an actor. */
public final class Actors {

    /** As Spring Security marks an authority that is a role. */
    private static final String PREFIX = "ROLE_";

    private Actors() {}

    /** The user of the request that this thread works on, if one has logged in. */
    public static Optional<Actor> current() {
        Authentication user = SecurityContextHolder.getContext().getAuthentication();
        return user == null || user instanceof AnonymousAuthenticationToken
                ? Optional.empty()
                : Optional.of(new Actor(user.getName(), kind(user), roles(user)));
    }

    /** A key, or a signature, is a program's. */
    private static Actor.Kind kind(Authentication user) {
        return user instanceof PreAuthenticatedAuthenticationToken ? Actor.Kind.SERVICE : Actor.Kind.PERSON;
    }

    private static Set<Role> roles(Authentication user) {
        Set<String> authorities = user.getAuthorities().stream()
                .map(authority -> authority.getAuthority())
                .collect(Collectors.toSet());
        return Arrays.stream(Role.values())
                .filter(role -> authorities.contains(PREFIX + role.text()))
                .collect(Collectors.toSet());
    }
}
