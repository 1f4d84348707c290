package io.drover.route.check;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * How often a regular expression may read the same text again in the worst case.
 * Java's engine tries all ways in which repetitions and alternatives can share a text, and nothing can interrupt it.
 * So the number of ways is limited beforehand.
 */
final class PatternCost {

    private final String regex;
    private final boolean anywhere;
    private int at;

    private PatternCost(String regex, boolean anywhere) {
        this.regex = regex;
        this.anywhere = anywhere;
    }

    /**
     * Why an expression must not be used on text from outside, or null.
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
            MatchCost cost = new PatternCost(regex, anywhere).alternatives();
            if (cost.degree() > (anywhere ? 0 : 1)) {
                return anywhere
                        ? "it repeats something without an end; set a maximum, as in \\s{0,9}"
                        : "it repeats more than one thing without an end; write \\d++ for \\d+ if the next part cannot match it, set a maximum, as in \\d{1,9}, or use contains, startsWith or endsWith";
            }
            return cost.ways() > MatchCost.MOST_WAYS
                    ? "it can match one text in more than %d ways".formatted(MatchCost.MOST_WAYS)
                    : null;
        } catch (MatchCost.CostlyException e) {
            return e.getMessage();
        }
    }

    private MatchCost alternatives() {
        MatchCost cost = sequence();
        while (at < regex.length() && regex.charAt(at) == '|') {
            at++;
            cost = cost.or(sequence());
        }
        return cost;
    }

    private MatchCost sequence() {
        MatchCost cost = MatchCost.ONE;
        while (at < regex.length() && regex.charAt(at) != '|' && regex.charAt(at) != ')') {
            cost = cost.then(quantified(atom()));
        }
        return cost;
    }

    private MatchCost atom() {
        char c = regex.charAt(at++);
        switch (c) {
            case '[' -> skipClass();
            case '\\' -> skipEscape();
            case '(' -> {
                return group();
            }
            default -> {}
        }
        return MatchCost.ONE;
    }

    private MatchCost group() {
        if (regex.startsWith("?", at)) {
            at++;
            int end = at;
            while (Character.isLetter(regex.charAt(end)) || regex.charAt(end) == '-') {
                end++;
            }
            if (regex.substring(at, end).contains("x")) {
                throw new MatchCost.CostlyException("the flag x is not supported here");
            }
            boolean flagsOnly = regex.charAt(end) == ')';
            if (regex.charAt(at) == '<' && Character.isLetter(regex.charAt(at + 1))) {
                end = regex.indexOf('>', at);
            } else if (regex.charAt(at) == '<') {
                end = at + 1;
            }
            at = end + 1;
            if (flagsOnly) {
                return MatchCost.ONE;
            }
        }
        MatchCost inner = alternatives();
        at++; // the parenthesis
        return inner;
    }

    private void skipEscape() {
        char c = regex.charAt(at++);
        if (c == 'Q') {
            int end = regex.indexOf("\\E", at);
            at = end < 0 ? regex.length() : end + 2;
        } else if (c >= '1' && c <= '9' || c == 'k') {
            throw new MatchCost.CostlyException("it refers back to a group");
        } else if ((c == 'p' || c == 'P' || c == 'x' || c == 'N') && regex.startsWith("{", at)) {
            at = regex.indexOf('}', at) + 1;
        } else if (c == 'X') {
            throw new MatchCost.CostlyException("\\X is not supported here");
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

    private MatchCost quantified(MatchCost inner) {
        MatchCost cost = inner;
        while (at < regex.length() && "?*+{".indexOf(regex.charAt(at)) >= 0) {
            cost = repeated(cost);
        }
        return cost;
    }

    private MatchCost repeated(MatchCost inner) {
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
        return inner.repeated(least, most, possessive, anywhere);
    }
}
