package io.drover.component;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a field of what is not there as nothing. {@code ${body[order][note]}} fails where there is no order, and
 * {@code ${body?[order]?[note]}} is null there: an argument is written in the first form, and means the second.
 */
final class MissingFields {

    /** Of a function of Simple what it reads, and the fields of that; not where a field's name is itself an expression. */
    private static final Pattern FIELDS = Pattern.compile("(?<function>\\$(?:simple)?\\{\\s*"
            + "(?:body|(?<named>(?:variable|header|headers|exchangeProperty)[.:][^\\[\\]{}()?]+)))"
            + "(?<fields>(?:\\??\\[[^\\[\\]{}]*])+)");

    private static final Pattern FIELD = Pattern.compile("\\??\\[");

    /** A path of JSONPath, in a function of Simple that may name what is read. */
    private static final Pattern PATH =
            Pattern.compile("\\$(?:simple)?\\{\\s*jsonpath\\(\\s*(?:[\\w.:-]+\\s*,\\s*)?(?=\\$)");

    private MissingFields() {}

    /** The text with each such function in the second form. */
    static String areNull(String simple) {
        String paths = PATH.matcher(simple)
                .replaceAll(found -> Matcher.quoteReplacement(found.group() + StrictJsonPath.LENIENT));
        return FIELDS.matcher(paths).replaceAll(MissingFields::areNull);
    }

    /** Before the first field of what has a name Camel wants a dot, or it takes the mark for a part of the name. */
    private static String areNull(MatchResult found) {
        String fields = FIELD.matcher(found.group("fields")).replaceAll("?[");
        String dot = found.group("named") == null ? fields : "?." + fields.substring(1);
        return Matcher.quoteReplacement(found.group("function") + dot);
    }
}
