package io.drover.route.check;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * How often a regular expression may go back over the same text at worst. Java's engine tries all ways in which
 * repetitions and alternatives can share a text, and nothing can interrupt it, so those ways are bounded beforehand.
 */
final class PatternCost {

    private static final long MOST_WAYS = 100;

    /**
     * @param ways   in which it can match at one place
     * @param degree how many times the length of the text is a factor of the steps
     */
    private record Cost(long ways, int degree) {

        static final Cost ONE = new Cost(1, 0);

        Cost then(Cost next) {
            return new Cost(Math.min(ways * next.ways, MOST_WAYS + 1), degree + next.degree);
        }

        Cost or(Cost other) {
            return new Cost(Math.min(ways + other.ways, MOST_WAYS + 1), Math.max(degree, other.degree));
        }
    }

    private static final class CostlyException extends RuntimeException {
        CostlyException(String message) {
            super(message, null, false, false);
        }
    }

    private final String regex;
    private final boolean anywhere;
    private int at;

    private PatternCost(String regex, boolean anywhere) {
        this.regex = regex;
        this.anywhere = anywhere;
    }

    /**
     * Why an expression is not to be used on text from outside, or null.
     *
     * @param anywhere whether it is looked for at each place of a text, not matched with the whole
     */
    static @Nullable String problem(String regex, boolean anywhere) {
        try {
            Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            return "it is not a regular expression: " + e.getDescription();
        }
        try {
            Cost cost = new PatternCost(regex, anywhere).alternatives();
            if (cost.degree > (anywhere ? 0 : 1)) {
                return anywhere
                        ? "it repeats something without an end; set a maximum, as in \\s{0,9}"
                        : "it repeats more than one thing without an end; write \\d++ for \\d+ if the next part cannot match it, set a maximum, as in \\d{1,9}, or use contains, startsWith or endsWith";
            }
            return cost.ways > MOST_WAYS ? "it can match one text in more than %d ways".formatted(MOST_WAYS) : null;
        } catch (CostlyException e) {
            return e.getMessage();
        }
    }

    private Cost alternatives() {
        Cost cost = sequence();
        while (at < regex.length() && regex.charAt(at) == '|') {
            at++;
            cost = cost.or(sequence());
        }
        return cost;
    }

    private Cost sequence() {
        Cost cost = Cost.ONE;
        while (at < regex.length() && regex.charAt(at) != '|' && regex.charAt(at) != ')') {
            cost = cost.then(quantified(atom()));
        }
        return cost;
    }

    private Cost atom() {
        char c = regex.charAt(at++);
        switch (c) {
            case '[' -> skipClass();
            case '\\' -> skipEscape();
            case '(' -> {
                return group();
            }
            default -> {}
        }
        return Cost.ONE;
    }

    private Cost group() {
        if (regex.startsWith("?", at)) {
            at++;
            int end = at;
            while (Character.isLetter(regex.charAt(end)) || regex.charAt(end) == '-') {
                end++;
            }
            if (regex.substring(at, end).contains("x")) {
                throw new CostlyException("the flag x is not supported here");
            }
            boolean flagsOnly = regex.charAt(end) == ')';
            if (regex.charAt(at) == '<' && Character.isLetter(regex.charAt(at + 1))) {
                end = regex.indexOf('>', at);
            } else if (regex.charAt(at) == '<') {
                end = at + 1;
            }
            at = end + 1;
            if (flagsOnly) {
                return Cost.ONE;
            }
        }
        Cost inner = alternatives();
        at++; // the parenthesis
        return inner;
    }

    private void skipEscape() {
        char c = regex.charAt(at++);
        if (c == 'Q') {
            int end = regex.indexOf("\\E", at);
            at = end < 0 ? regex.length() : end + 2;
        } else if (c >= '1' && c <= '9' || c == 'k') {
            throw new CostlyException("it refers back to a group");
        } else if ((c == 'p' || c == 'P' || c == 'x' || c == 'N') && regex.startsWith("{", at)) {
            at = regex.indexOf('}', at) + 1;
        } else if (c == 'X') {
            throw new CostlyException("\\X is not supported here");
        }
    }

    private void skipClass() {
        int depth = 1;
        int start = at;
        while (depth > 0) {
            char c = regex.charAt(at++);
            if (c == '\\') {
                if (regex.charAt(at) == 'Q') {
                    at++;
                    int end = regex.indexOf("\\E", at);
                    at = end < 0 ? regex.length() : end + 2;
                } else {
                    at++;
                }
            } else if (c == '[') {
                depth++;
            } else if (c == ']' && at - 1 > start && !(at - 2 == start && regex.charAt(start) == '^')) {
                depth--;
            }
        }
    }

    private Cost quantified(Cost inner) {
        Cost cost = inner;
        while (at < regex.length() && "?*+{".indexOf(regex.charAt(at)) >= 0) {
            cost = repeated(cost);
        }
        return cost;
    }

    private Cost repeated(Cost inner) {
        char c = regex.charAt(at++);
        long least = c == '+' ? 1 : 0;
        long most = c == '?' ? 1 : Long.MAX_VALUE;
        if (c == '{') {
            int end = regex.indexOf('}', at);
            String[] bounds = regex.substring(at, end).split(",", -1);
            at = end + 1;
            least = Long.parseLong(bounds[0].strip());
            most = bounds.length == 1
                    ? least
                    : bounds[1].isBlank() ? Long.MAX_VALUE : Long.parseLong(bounds[1].strip());
        }
        boolean possessive = at < regex.length() && regex.charAt(at) == '+';
        if (possessive || at < regex.length() && regex.charAt(at) == '?') {
            at++;
        }
        boolean single = inner.ways == 1 && inner.degree == 0;
        if (most == Long.MAX_VALUE) {
            if (inner.degree > 0 || !single && !possessive) {
                throw new CostlyException(
                        "it repeats a group that can match in several ways; repeat one character or class instead");
            }
            return new Cost(inner.ways, possessive && !anywhere ? 0 : 1);
        }
        if (single) {
            return new Cost(possessive ? 1 : Math.min(most - least + 1, MOST_WAYS + 1), 0);
        }
        Cost cost = most == least ? Cost.ONE : new Cost(1 + Math.min(most - least, MOST_WAYS), 0);
        for (long i = 0; i < Math.min(most, MOST_WAYS); i++) {
            cost = cost.then(inner);
        }
        return cost;
    }
}
