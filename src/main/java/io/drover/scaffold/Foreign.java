package io.drover.scaffold;

import java.util.regex.Pattern;

/**
 * Texts of a document that somebody else wrote, for a route file.
 * A YAML library quotes them, but Camel would still look up what stands in double braces, and evaluate what follows a
 * dollar sign, so these are broken up.
 */
final class Foreign {

    private static final Pattern SPACE = Pattern.compile("[\\s\\p{Z}]+");
    private static final Pattern HIDDEN = Pattern.compile("\\p{C}+");
    private static final Pattern PLACEHOLDER = Pattern.compile("([{}])(?=\\1)");
    private static final Pattern SIMPLE = Pattern.compile("\\$(?=(?:simple)?\\{)");
    private static final Pattern RAW = Pattern.compile("RAW(?=[({])");

    private Foreign() {}

    /** One line of at most a number of characters, without anything hidden in it, that means nothing to Camel. */
    static String line(String text, int longest) {
        // bounded first, so that no pattern sees more than a page
        String beginning = text.substring(0, Math.min(text.length(), longest * 4));
        String plain = HIDDEN.matcher(SPACE.matcher(beginning).replaceAll(" "))
                .replaceAll("")
                .strip();
        String cut = plain.length() <= longest
                ? plain
                : plain.substring(0, plain.offsetByCodePoints(0, plain.codePointCount(0, longest - 1))) + "…";
        String apart = PLACEHOLDER.matcher(cut).replaceAll("$1 ");
        return RAW.matcher(SIMPLE.matcher(apart).replaceAll("\\$ ")).replaceAll("RAW ");
    }

    /** A name of letters, digits and '_' that begins with a letter; what is anything else becomes '_'. */
    static String name(String text, int longest) {
        String fit = text.substring(0, Math.min(text.length(), 400))
                .replaceAll("[^A-Za-z0-9_-]+", "_")
                .replaceAll("_{2,}", "_")
                .replaceAll("^[_-]+|[_-]+$", "");
        String begun = fit.isEmpty() || !Character.isLetter(fit.charAt(0)) ? "op_" + fit : fit;
        return begun.substring(0, Math.min(begun.length(), longest)).replaceAll("[_-]+$", "");
    }
}
