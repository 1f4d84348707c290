package io.drover.json;

import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressionFactory;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** A {@code pattern} of a schema: each character that it looks at is counted, because it may look at one without end. */
final class BoundedPattern implements RegularExpression {

    static final RegularExpressionFactory FACTORY = BoundedPattern::new;

    private final Pattern pattern;

    private BoundedPattern(String regex) {
        try {
            pattern = Pattern.compile(java(regex));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("the pattern '%s' is not a regular expression: %s"
                    .formatted(Excerpt.of(regex), Excerpt.of(e.getDescription())));
        }
    }

    /** A {@code $} of ECMA 262 is the end of the text; Java's is also before a line end there. */
    private static String java(String regex) {
        boolean anchored = regex.endsWith("$") && !regex.endsWith("\\$");
        return anchored ? regex.substring(0, regex.length() - 1) + "\\z" : regex;
    }

    @Override
    public boolean matches(String text) {
        return pattern.matcher(new Counted(text, 0, text.length())).find();
    }

    private record Counted(String text, int from, int to) implements CharSequence {

        @Override
        public char charAt(int index) {
            CheckBudget.spend(1);
            return text.charAt(from + index);
        }

        @Override
        public int length() {
            return to - from;
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Counted(text, from + start, from + end);
        }

        @Override
        public String toString() {
            return text.substring(from, to);
        }
    }
}
