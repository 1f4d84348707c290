package io.drover.trace;

import io.drover.secret.KnownSecrets;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Removes from a text what looks like a secret or names a person.
 * The text is foreign and may be long, so each form is found in one pass.
 * A pattern that repeats a group would need a stack as deep as the text is long, so those forms are found by
 * scanners.
 */
final class Sensitive {

    private static final String REPLACEMENT = "[redacted]";
    private static final int FEWEST_DIGITS = 7;

    /** None repeats a group without an end. */
    private static final List<Pattern> SECRETS =
            List.of(
                    Pattern.compile("(?i)\\b(?:bearer|basic)\\s{1,9}[A-Za-z0-9+/._~=-]{16,}"),
                    Pattern.compile(
                            "\\b(?:sk|pk|ghp|gho|gsk|xai|nvapi|hf|glpat|xox[abp]|AKIA|AIza|eyJ)[-_A-Za-z0-9.]{12,}"), // keys, JSON Web Tokens
                    Pattern.compile("(?i)(?<=\\b(?:password|passwd|secret|token|api[-_"
                            + " ]?key)\\\\?\"?\\s{0,3}[:=]\\s{0,3}\\\\?\"?)[^\\s\",;\\\\]+"));

    private static final Pattern IBAN =
            Pattern.compile("\\b[A-Z]{2}\\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\\b");

    private final String text;
    private final StringBuilder kept;
    private int done;

    private Sensitive(String text) {
        this.text = text;
        this.kept = new StringBuilder(text.length());
    }

    static String redacted(String text) {
        String rest = new Sensitive(withoutSecrets(text)).withoutAddresses();
        rest = IBAN.matcher(rest).replaceAll(REPLACEMENT);
        return new Sensitive(rest).withoutNumbers();
    }

    static String withoutSecrets(String text) {
        String rest = KnownSecrets.hidden(text);
        for (Pattern secret : SECRETS) {
            rest = secret.matcher(rest).replaceAll(REPLACEMENT);
        }
        return rest;
    }

    /** E-mail addresses: a name, an at sign, and at least two labels with dots between. */
    private String withoutAddresses() {
        for (int at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
            int start = at;
            while (start > done && isOfName(text.codePointBefore(start))) {
                start -= Character.charCount(text.codePointBefore(start));
            }
            int end = endOfDomain(at + 1);
            if (start < at && end > 0) {
                redact(start, end);
                at = end - 1;
            }
        }
        return rest();
    }

    /** @return 0 when there is no domain of two labels */
    private int endOfDomain(int from) {
        int end = endOfLabel(from);
        int labels = end > from ? 1 : 0;
        while (labels > 0 && end < text.length() && text.charAt(end) == '.' && endOfLabel(end + 1) > end + 1) {
            end = endOfLabel(end + 1);
            labels++;
        }
        return labels > 1 ? end : 0;
    }

    private int endOfLabel(int from) {
        int end = from;
        while (end < text.length()) {
            int c = text.codePointAt(end);
            if (!isLetterOrDigit(c) && c != '-') {
                break;
            }
            end += Character.charCount(c);
        }
        return end;
    }

    private static boolean isOfName(int c) {
        return isLetterOrDigit(c) || c < 128 && "._%+-".indexOf(c) >= 0;
    }

    private static boolean isLetterOrDigit(int c) {
        return isDigit(c) || Character.isLetter(c);
    }

    /** Telephone, card and account numbers: seven digits and more, with at most one separator between two of them. */
    private String withoutNumbers() {
        int at = 0;
        while (at < text.length()) {
            boolean plus = text.charAt(at) == '+' && at + 1 < text.length() && isDigit(text.charAt(at + 1));
            if ((plus || isDigit(text.charAt(at))) && (at == 0 || !isOfWord(text.charAt(at - 1)))) {
                at = number(at, plus ? at + 1 : at);
            } else {
                at++;
            }
        }
        return rest();
    }

    /** @return where to look on */
    private int number(int start, int firstDigit) {
        int digits = 0;
        int end = 0;
        int at = firstDigit;
        while (true) {
            at++;
            digits++;
            boolean ends = at == text.length() || !isOfWord(text.charAt(at));
            if (ends && digits >= FEWEST_DIGITS) {
                end = at;
            }
            int next = at < text.length() && " ()/-".indexOf(text.charAt(at)) >= 0 ? at + 1 : at;
            if (next >= text.length() || !isDigit(text.charAt(next))) {
                break;
            }
            at = next;
        }
        if (end > 0) {
            redact(start, end);
            return end;
        }
        return at;
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isOfWord(char c) {
        return isDigit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '.' || c == '-';
    }

    private void redact(int start, int end) {
        kept.append(text, done, start).append(REPLACEMENT);
        done = end;
    }

    private String rest() {
        return done == 0 ? text : kept.append(text, done, text.length()).toString();
    }
}
