package io.drover.security;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The users of this process.
 *
 * @param users who may log in; without any the process does not start
 */
@ConfigurationProperties("drover.security")
record SecurityProperties(@Nullable List<User> users) {

    SecurityProperties {
        users = users == null ? List.of() : users;
    }

    /**
     * One user.
     *
     * @param passwordHash a bcrypt hash, or any other with its {@code {id}} in front
     * @param roles        {@code operator} (everything), {@code viewer} (reads only), {@code submitter} (submits tasks and sees
     *                     its own) or {@code scraper} (reads the metrics)
     */
    record User(String name, String passwordHash, Set<String> roles) {}
}
