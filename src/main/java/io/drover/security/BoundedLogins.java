package io.drover.security;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.dao.DaoAuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.web.authentication.WebAuthenticationDetails;
import org.springframework.stereotype.Component;

/**
 * Checks passwords, but limits how many a client can guess.
 * A password that was right lately is neither counted nor hashed.
 */
@Component
@ConditionalOnWebApplication
class BoundedLogins implements AuthenticationProvider {

    private static final int LINES = 64;

    private final List<Lock> lines =
            Stream.generate(() -> (Lock) new ReentrantLock()).limit(LINES).toList();
    private final UserDetailsService users;
    private final RememberingPasswordEncoder passwords;
    private final DaoAuthenticationProvider provider;
    private final PasswordWork work = new PasswordWork();
    private final GuessLimits limits;

    BoundedLogins(UserDetailsService users, RememberingPasswordEncoder passwords, Clock clock) {
        this.users = users;
        this.passwords = passwords;
        this.limits = new GuessLimits(clock);
        this.provider = new DaoAuthenticationProvider(users);
        this.provider.setPasswordEncoder(passwords);
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return provider.supports(authentication);
    }

    @Override
    public Authentication authenticate(Authentication login) {
        return switch (remembered(login)) {
            case NOW -> provider.authenticate(login);
            case ONCE -> inLine(login.getName(), login);
            case NEVER -> inLine(login.getName() + " " + address(login), login);
        };
    }

    /**
     * If a client opens many connections concurrently, only the first has its password hashed; the others reuse the
     * answer.
     */
    private Authentication inLine(String name, Authentication login) {
        Lock line = lines.get(Math.floorMod(name.hashCode(), LINES));
        line.lock();
        try {
            return switch (remembered(login)) {
                case NOW -> provider.authenticate(login);
                case ONCE -> work.run(() -> provider.authenticate(login));
                case NEVER -> checked(login);
            };
        } finally {
            line.unlock();
        }
    }

    private Authentication checked(Authentication login) {
        String name = login.getName();
        String address = address(login);
        Duration wait = limits.begin(name, address);
        if (wait != null) {
            throw new TooManyLoginsException(
                    "too many wrong passwords of this user or from this address; send the right one after the time in"
                            + " Retry-After",
                    wait);
        }
        Authentication user = work.run(() -> provider.authenticate(login));
        limits.wasRight(name, address);
        return user;
    }

    private static String address(Authentication login) {
        return login.getDetails() instanceof WebAuthenticationDetails details
                ? String.valueOf(details.getRemoteAddress())
                : "unknown";
    }

    private RememberingPasswordEncoder.Known remembered(Authentication login) {
        try {
            String hash = users.loadUserByUsername(login.getName()).getPassword();
            return passwords.known(String.valueOf(login.getCredentials()), hash);
        } catch (UsernameNotFoundException e) {
            return RememberingPasswordEncoder.Known.NEVER;
        }
    }
}
