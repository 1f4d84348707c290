package io.drover.who;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What a user may do. Configuration and documents write a role in lower case. */
public enum Role {

    /** Everything. */
    OPERATOR,

    /** Reads only, and no {@link Payload}. */
    VIEWER,

    /** Reads only, also payloads: it is a {@link #VIEWER}, too. */
    READER,

    /** Reads, and votes on calls that wait for an approval. */
    APPROVER,

    /** Submits tasks and sees those it submitted, and nothing else. */
    SUBMITTER,

    /** Reads the metrics, and nothing else. */
    SCRAPER,

    /** Makes and revokes API keys, erases persons, and does nothing else. */
    ADMIN;

    /** These roles, and those that come with them. */
    public static Set<Role> withImplied(Collection<Role> roles) {
        Set<Role> all = new HashSet<>(roles);
        if (all.contains(READER)) {
            all.add(VIEWER);
        }
        return Set.copyOf(all);
    }

    /** As configuration writes it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The role with this text, if there is one. */
    public static Optional<Role> of(String text) {
        return Arrays.stream(values()).filter(role -> role.text().equals(text)).findFirst();
    }
}
