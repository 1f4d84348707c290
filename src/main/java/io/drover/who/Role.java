package io.drover.who;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a user may do. Configuration and documents write a role in lower case. */
public enum Role {

    /** Everything. */
    OPERATOR,

    /** Reads only. */
    VIEWER,

    /** Reads, and votes on calls that wait for an approval. */
    APPROVER,

    /** Submits tasks and sees those it submitted, and nothing else. */
    SUBMITTER,

    /** Reads the metrics, and nothing else. */
    SCRAPER,

    /** Makes and revokes API keys, and nothing else. */
    ADMIN;

    /** As configuration writes it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The role with this text, if there is one. */
    public static Optional<Role> of(String text) {
        return Arrays.stream(values()).filter(role -> role.text().equals(text)).findFirst();
    }
}
