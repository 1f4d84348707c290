package io.drover.tool;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A condition over the arguments of a call that a person types at run time.
 * It is a small part of the Simple language: comparisons of arguments with values. The whole language could call code.
 */
public final class ArgumentCondition {

    /** What is accepted, for people. */
    public static final String ACCEPTED =
            "comparisons of arguments with a number, 'text', true or false, joined by &&, as in ${variable.amount} <= 200 && ${variable.currency} == 'EUR'";

    private static final int LONGEST = 500;
    private static final String VALUE = "(?:-?\\d{1,20}(?:\\.\\d{1,20})?|'[^'\\\\${}\\p{Cntrl}]*'|true|false)";
    private static final String OPERATOR = "(?:==|!=|>=|<=|>|<|in|startsWith|endsWith|contains)";
    private static final Pattern COMPARISON =
            Pattern.compile("\\$\\{variable\\.([A-Za-z_][A-Za-z0-9_]*)} " + OPERATOR + " " + VALUE);
    private static final Pattern JOINED = Pattern.compile(" && ");

    private ArgumentCondition() {}

    /**
     * Why a text is no condition, or null.
     *
     * @param arguments that the tool declares
     */
    public static @Nullable String problem(String text, Set<String> arguments) {
        if (text.length() > LONGEST) {
            return "is longer than %d characters".formatted(LONGEST);
        }
        int from = 0;
        Matcher comparison = COMPARISON.matcher(text);
        while (true) {
            comparison.region(from, text.length());
            if (!comparison.lookingAt()) {
                return "is no condition from character %d on".formatted(from + 1);
            }
            if (!arguments.contains(comparison.group(1))) {
                return "names '%s', which is no argument of the tool".formatted(comparison.group(1));
            }
            from = comparison.end();
            if (from == text.length()) {
                return null;
            }
            Matcher joined = JOINED.matcher(text).region(from, text.length());
            if (!joined.lookingAt()) {
                return "is no condition from character %d on".formatted(from + 1);
            }
            from = joined.end();
        }
    }
}
