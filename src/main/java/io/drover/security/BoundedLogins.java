package io.drover.security;

import java.time.Duration;
import java.util.concurrent.locks.Lock;
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

    private final UserDetailsService users;
    private final RememberingPasswordEncoder passwords;
    private final DaoAuthenticationProvider provider;
    private final LoginLines strangers = new LoginLines();
    private final LoginLines known = new LoginLines();
    private final PasswordWork guesses = PasswordWork.ofStrangers();
    private final PasswordWork repeats = PasswordWork.ofAtMost(LoginLines.COUNT);
    private final GuessLimits limits;

    BoundedLogins(UserDetailsService users, RememberingPasswordEncoder passwords, GuessLimits limits) {
        this.users = users;
        this.passwords = passwords;
        this.limits = limits;
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
            case ONCE -> inLine(known.of(login.getName()), login);
            case NEVER -> inLine(strangers.of(login.getName() + " " + address(login)), login);
        };
    }

    /**
     * If a client opens many connections concurrently, only the first has its password hashed; the others reuse the
     * answer.
     * Passwords that were right before do not wait behind guesses.
     */
    private Authentication inLine(Lock line, Authentication login) {
        line.lock();
        try {
            return switch (remembered(login)) {
                case NOW -> provider.authenticate(login);
                case ONCE -> repeats.run(() -> provider.authenticate(login));
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
        Authentication user = guesses.run(() -> provider.authenticate(login));
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
