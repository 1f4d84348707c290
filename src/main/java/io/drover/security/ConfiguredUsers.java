package io.drover.security;

import io.drover.rules.UserRoles;
import io.drover.start.RefusedToStartException;
import io.drover.who.Role;
import io.drover.who.Workflows;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.stereotype.Component;

/** The users of {@link SecurityProperties}, checked once, at the start. */
@Component
@ConditionalOnWebApplication
class ConfiguredUsers implements UserDetailsService, UserRoles {

    static final String MAKE_A_HASH = "make a hash with: htpasswd -nBC 10 <name>";
    static final String ROLES = Arrays.stream(Role.values())
            .map(Role::text)
            .collect(Collectors.joining(", "))
            .replaceFirst(", (\\w+)$", " or $1");
    private static final Set<String> HASHES = Set.of(
            "bcrypt",
            "pbkdf2",
            "pbkdf2@SpringSecurity_v5_8",
            "scrypt",
            "scrypt@SpringSecurity_v5_8",
            "argon2",
            "argon2@SpringSecurity_v5_8");
    private static final Pattern BCRYPT = Pattern.compile("\\$2[aby]\\$\\d\\d\\$[./A-Za-z0-9]{53}");
    private static final Pattern WITH_ID = Pattern.compile("\\{([^}]+)}(.+)");

    private record Login(String name, String hash, Set<Role> roles, Workflows workflows) {}

    private final Map<String, Login> logins = new HashMap<>();

    ConfiguredUsers(SecurityProperties properties) {
        for (int i = 0; i < properties.users().size(); i++) {
            SecurityProperties.User user = properties.users().get(i);
            String property = "drover.security.users[%d]".formatted(i);
            Login login = new Login(
                    name(property, user), hash(property, user), roles(property, user), workflows(property, user));
            if (logins.putIfAbsent(login.name, login) != null) {
                throw new RefusedToStartException(
                        "%s.name (%s) is taken by another user".formatted(property, login.name));
            }
        }
    }

    @Override
    public UserDetails loadUserByUsername(String name) {
        Login login = logins.get(name);
        if (login == null) {
            throw new UsernameNotFoundException("no such user");
        }
        return User.withUsername(login.name)
                .password(login.hash)
                .authorities(Actors.authorities(login.roles, login.workflows))
                .build();
    }

    boolean isUser(String name) {
        return logins.containsKey(name);
    }

    @Override
    public Set<String> of(@Nullable String user) {
        Login login = user == null ? null : logins.get(user);
        return login == null ? Set.of() : login.roles.stream().map(Role::text).collect(Collectors.toSet());
    }

    private static String name(String property, SecurityProperties.User user) {
        if (user.name() == null || user.name().isBlank() || user.name().contains(":")) {
            throw new RefusedToStartException(
                    "%s.name (%s) must not be blank, and must not contain a colon".formatted(property, user.name()));
        }
        return user.name();
    }

    private static String hash(String property, SecurityProperties.User user) {
        String hash = user.passwordHash() == null ? "" : user.passwordHash();
        if (BCRYPT.matcher(hash).matches()) {
            return "{bcrypt}" + hash;
        }
        Matcher withId = WITH_ID.matcher(hash);
        boolean known = withId.matches() && HASHES.contains(withId.group(1));
        boolean broken = known
                && withId.group(1).equals("bcrypt")
                && !BCRYPT.matcher(withId.group(2)).matches();
        if (!known || broken) { // the value is not shown: it may be a password
            throw new RefusedToStartException(
                    "%s.password-hash of user '%s' is not a hash, and plain passwords are not accepted: %s, or put the id of another hash in front, as in {argon2}..."
                            .formatted(property, user.name(), MAKE_A_HASH));
        }
        return hash;
    }

    private static Set<Role> roles(String property, SecurityProperties.User user) {
        if (user.roles() == null
                || user.roles().isEmpty()
                || user.roles().stream().anyMatch(role -> Role.of(role).isEmpty())) {
            throw new RefusedToStartException(
                    "%s.roles (%s) of user '%s' must be %s".formatted(property, user.roles(), user.name(), ROLES));
        }
        return user.roles().stream().flatMap(role -> Role.of(role).stream()).collect(Collectors.toSet());
    }

    private static Workflows workflows(String property, SecurityProperties.User user) {
        Set<String> globs = user.workflows() == null ? Set.of("*") : user.workflows();
        if (globs.isEmpty() || !globs.stream().allMatch(Workflows::isGlob)) {
            throw new RefusedToStartException(
                    "%s.workflows (%s) of user '%s' must name workflows, in which * stands for any characters, as in billing-*"
                            .formatted(property, globs, user.name()));
        }
        return Workflows.of(globs);
    }
}
