package io.drover.trace;

import org.jspecify.annotations.Nullable;

/** How much of the conversation with a model goes into traces. */
public enum Content {
    /** Nothing. */
    NONE,
    /** The words, without what looks like a secret or names a person: keys, addresses, long numbers. */
    REDACTED,
    /** Everything. */
    FULL;

    /** What a trace may show of a text, or null for nothing. */
    public @Nullable String of(String text) {
        return switch (this) {
            case NONE -> null;
            case REDACTED -> redacted(text);
            case FULL -> text;
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
