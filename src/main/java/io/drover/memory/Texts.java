package io.drover.memory;

/**
 * The rules for keys and facts.
 * Lengths are counted in Unicode characters, as PostgreSQL and JSON Schema do.
 */
final class Texts {

    static final int LONGEST_KEY = 500;
    static final int LONGEST_FACT = 2000;

    private Texts() {}

    static String key(String key) {
        return check("the key", key, LONGEST_KEY);
    }

    /** Without white space around it. */
    static String fact(String fact) {
        return check("the fact", fact.strip(), LONGEST_FACT);
    }

    private static String check(String what, String text, int longest) {
        if (text.isBlank()) {
            throw new UnusableTextException("%s is blank; it must hold 1 to %d characters".formatted(what, longest));
        }
        int length = text.codePointCount(0, text.length());
        if (length > longest) {
            throw new UnusableTextException(
                    "%s is %d characters long; at most %d are kept, so shorten it".formatted(what, length, longest));
        }
        if (text.indexOf('\0') >= 0) {
            throw new UnusableTextException(
                    what + " contains the character U+0000, which cannot be stored; leave it out");
        }
        if (text.codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE)) {
            throw new UnusableTextException(
                    what + " contains an unpaired surrogate, which is not Unicode text; leave it out");
        }
        return text;
    }
}
