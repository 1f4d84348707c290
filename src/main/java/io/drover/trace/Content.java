package io.drover.trace;

import io.drover.secret.KnownSecrets;
import org.jspecify.annotations.Nullable;

/** How much of the conversation with a model goes into traces. */
public enum Content {
    /** Nothing. */
    NONE,
    /** The words, without what looks like a secret or names a person: keys, addresses, long numbers. */
    REDACTED,
    /** Everything but the values of secrets that this process knows. */
    FULL;

    /** What a trace may show of a text, or null for nothing. */
    public @Nullable String of(String text) {
        return switch (this) {
            case NONE -> null;
            case REDACTED -> redacted(text);
            case FULL -> KnownSecrets.hidden(text);
        };
    }

    /** The text without what looks like a secret. */
    public static String withoutSecrets(String text) {
        return Sensitive.withoutSecrets(text);
    }

    /** The text without what looks like a secret or names a person. It knows forms, not meanings. */
    public static String redacted(String text) {
        return Sensitive.redacted(text);
    }
}
