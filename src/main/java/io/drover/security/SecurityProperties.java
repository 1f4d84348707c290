package io.drover.security;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The users of this process.
 *
 * @param users who may log in
 */
@ConfigurationProperties("drover.security")
record SecurityProperties(@DefaultValue List<User> users) {

    /**
     * One user.
     *
     * @param passwordHash a bcrypt hash, or any other with its {@code {id}} in front
     * @param roles        {@code operator} (everything), {@code viewer} (reads only, and no payloads), {@code reader} (reads), {@code approver} (reads, and votes on
     *                     approvals), {@code submitter} (submits tasks and sees its own) {@code scraper} (reads the metrics)
     *                     or {@code admin} (makes API keys)
     * @param workflows    those that the roles are about, as in {@code billing-*}; null for all
     */
    record User(String name, String passwordHash, Set<String> roles, @Nullable Set<String> workflows) {}
}
