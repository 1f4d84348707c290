package io.drover.trace;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How much of what is said to and by a model stands in traces. */
public enum Content {
    /** Nothing. */
    NONE,
    /** The words, without what looks like a secret or names a person: keys, addresses, long numbers. */
    REDACTED,
    /** Everything. */
    FULL;

    private static final String REPLACEMENT = "[redacted]";

    private static final List<Pattern> SENSITIVE = List.of(
            Pattern.compile("(?i)\\b(?:bearer|basic)\\s+[A-Za-z0-9+/._~=-]{16,}"),
            Pattern.compile("\\b(?:sk|pk|ghp|gho|xox[abp]|AKIA|eyJ)[-_A-Za-z0-9.]{12,}"), // keys, JSON Web Tokens
            Pattern.compile(
                    "(?i)(?<=\\b(?:password|passwd|secret|token|api[-_ ]?key)\\\\?\"?\\s{0,3}[:=]\\s{0,3}\\\\?\"?)"
                            + "[^\\s\",;\\\\]+"),
            Pattern.compile("[\\p{L}0-9._%+-]+@[\\p{L}0-9-]+(?:\\.[\\p{L}0-9-]+)+"), // e-mail
            Pattern.compile("\\b[A-Z]{2}\\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\\b"), // IBAN
            Pattern.compile("(?<![\\w.-])\\+?\\d(?:[ ()/-]?\\d){6,}(?![\\w.-])")); // telephone, cards, accounts

    /** What a trace may show of a text, or null for nothing. */
    public @Nullable String of(String text) {
        return switch (this) {
            case NONE -> null;
            case REDACTED -> redacted(text);
            case FULL -> text;
        };
    }

    /** The text without what looks like a secret or names a person. It knows forms, not meanings. */
    public static String redacted(String text) {
        String rest = text;
        for (Pattern pattern : SENSITIVE) {
            rest = pattern.matcher(rest).replaceAll(REPLACEMENT);
        }
        return rest;
    }
}
