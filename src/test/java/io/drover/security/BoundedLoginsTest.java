package io.drover.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.MovingClock;
import io.drover.Quick;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;

/** A client with the right password opens as many connections at once as it likes. */
@Quick
class BoundedLoginsTest {

    private static final int CONNECTIONS = 200;

    private final MovingClock clock = new MovingClock(Instant.EPOCH);
    private final AtomicInteger hashed = new AtomicInteger();
    private final BCryptPasswordEncoder bcrypt = new BCryptPasswordEncoder(10) {
        @Override
        public boolean matches(CharSequence password, String hash) {
            hashed.incrementAndGet();
            return super.matches(password, hash);
        }
    };
    private final BoundedLogins logins = new BoundedLogins(
            new InMemoryUserDetailsManager(
                    new User("ada", bcrypt.encode("secret"), List.of()),
                    new User("vic", bcrypt.encode("x"), List.of())),
            new RememberingPasswordEncoder(bcrypt, clock),
            clock);

    private List<Authentication> atOnce() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS)) {
            List<Future<Authentication>> asked = Stream.generate(() -> threads.submit(() ->
                            logins.authenticate(UsernamePasswordAuthenticationToken.unauthenticated("ada", "secret"))))
                    .limit(CONNECTIONS)
                    .toList();
            List<Authentication> answers = new ArrayList<>();
            for (Future<Authentication> answer : asked) {
                answers.add(answer.get());
            }
            return answers;
        }
    }

    @Test
    void theFirstRequestsOfAClientAreNoGuesses() throws Exception {
        assertThat(atOnce()).hasSize(CONNECTIONS).allMatch(Authentication::isAuthenticated);
        assertThat(hashed).hasValue(1);
    }

    @Test
    void itsRequestsAfterAWhileDoNotQueueToBeHashed() throws Exception {
        atOnce();
        clock.advance(Duration.ofMinutes(6));

        assertThat(atOnce()).hasSize(CONNECTIONS).allMatch(Authentication::isAuthenticated);
        assertThat(hashed).hasValue(2);
    }
}
