package io.drover.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.MovingClock;
import io.drover.Quick;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.authentication.WebAuthenticationDetails;

/** A client with the right password opens as many connections at once as it likes. */
@Quick
class BoundedLoginsTest {

    private static final int CONNECTIONS = 200;

    private final MovingClock clock = new MovingClock(Instant.EPOCH);
    private final AtomicInteger hashed = new AtomicInteger();
    private final CountDownLatch floodOver = new CountDownLatch(1);
    private final BCryptPasswordEncoder bcrypt = new BCryptPasswordEncoder(10) {
        @Override
        public boolean matches(CharSequence password, String hash) {
            if (password.equals("guess")) {
                waitFor(floodOver);
                return false;
            }
            hashed.incrementAndGet();
            return super.matches(password, hash);
        }
    };
    private final BoundedLogins logins = new BoundedLogins(
            new InMemoryUserDetailsManager(
                    new User("ada", bcrypt.encode("secret"), List.of()),
                    new User("vic", bcrypt.encode("x"), List.of())),
            new RememberingPasswordEncoder(bcrypt, clock),
            new GuessLimits(clock));

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

    /** Two guesses from each of many addresses, which no limit holds back: an IPv6 network has as many as it likes. */
    @Test
    void aUserWhoIsKnownWaitsBehindNobodysGuesses() throws Exception {
        logins.authenticate(UsernamePasswordAuthenticationToken.unauthenticated("ada", "secret"));
        clock.advance(Duration.ofMinutes(6));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                AtomicInteger refused = new AtomicInteger();
                for (int i = 0; i < 500; i++) {
                    int number = i;
                    threads.submit(() -> guess(number, refused));
                }
                await().until(() -> refused.get() > 0);

                Future<Authentication> ada = threads.submit(() ->
                        logins.authenticate(UsernamePasswordAuthenticationToken.unauthenticated("ada", "secret")));
                assertThat(ada.get(2, TimeUnit.MINUTES).isAuthenticated()).isTrue();
            } finally {
                floodOver.countDown();
            }
        }
    }

    private void guess(int number, AtomicInteger refused) {
        UsernamePasswordAuthenticationToken login =
                UsernamePasswordAuthenticationToken.unauthenticated("nobody" + number, "guess");
        login.setDetails(new WebAuthenticationDetails("2001:db8:0:%x::1".formatted(number), null));
        try {
            logins.authenticate(login);
        } catch (TooManyLoginsException e) {
            refused.incrementAndGet();
        } catch (BadCredentialsException e) {
            // as it should be, after the flood
        }
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
