package io.drover.security;

import io.drover.who.Actor;
import io.drover.who.Role;
import io.drover.who.Workflows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;

/** Turns the user of a request, as Spring Security knows it, into an actor. */
public final class Actors {

    /** As Spring Security marks an authority that is a role. */
    private static final String PREFIX = "ROLE_";

    /** Marks an authority that names workflows; without any there is no limit. */
    private static final String WORKFLOWS = "WORKFLOWS_";

    private Actors() {}

    /** The user of the request that this thread works on, if one has logged in. */
    public static Optional<Actor> current() {
        return of(SecurityContextHolder.getContext().getAuthentication());
    }

    static Optional<Actor> of(@Nullable Authentication user) {
        return user == null || user instanceof AnonymousAuthenticationToken
                ? Optional.empty()
                : Optional.of(of(user.getName(), kind(user), user.getAuthorities()));
    }

    /** Whether somebody is limited to some workflows; asked of each request. */
    static boolean isLimited(@Nullable Authentication user) {
        if (user != null) {
            for (GrantedAuthority authority : user.getAuthorities()) {
                if (String.valueOf(authority.getAuthority()).startsWith(WORKFLOWS)) {
                    return true;
                }
            }
        }
        return false;
    }

    static Actor of(String name, Actor.Kind kind, Collection<? extends GrantedAuthority> authorities) {
        Set<String> texts = AuthorityUtils.authorityListToSet(authorities);
        List<String> globs = texts.stream()
                .filter(text -> text.startsWith(WORKFLOWS))
                .map(text -> text.substring(WORKFLOWS.length()))
                .toList();
        return new Actor(name, kind, roles(texts), Workflows.of(globs));
    }

    /** The reverse: what Spring Security is to know of somebody. */
    static List<GrantedAuthority> authorities(Collection<Role> roles, Workflows workflows) {
        List<GrantedAuthority> authorities = new ArrayList<>();
        Set<String> globs = workflows.globs();
        Stream.concat(
                        Role.withImplied(roles).stream().map(role -> PREFIX + role.text()),
                        globs == null ? Stream.empty() : globs.stream().map(glob -> WORKFLOWS + glob))
                .forEach(text -> authorities.addAll(AuthorityUtils.createAuthorityList(text)));
        return authorities;
    }

    /** A key, or a signature, is a program's. */
    private static Actor.Kind kind(Authentication user) {
        return user instanceof PreAuthenticatedAuthenticationToken ? Actor.Kind.SERVICE : Actor.Kind.PERSON;
    }

    private static Set<Role> roles(Set<String> authorities) {
        return Arrays.stream(Role.values())
                .filter(role -> authorities.contains(PREFIX + role.text()))
                .collect(Collectors.toSet());
    }
}
