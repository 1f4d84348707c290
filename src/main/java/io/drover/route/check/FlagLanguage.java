package io.drover.route.check;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Expression;
import org.apache.camel.Predicate;
import org.apache.camel.language.simple.SimpleLanguage;

/**
 * The Simple language with <code>${flag:new-model}</code>, and <code>${flag:new-model:off}</code> with the value where
 * the flag has none. Camel's parser knows only functions of its own and calls such as <code>${flag(new-model:off)}</code>,
 * into which these are rewritten before a text is parsed.
 */
public class FlagLanguage extends SimpleLanguage {

    /** The function that a context must have. */
    public static final String FUNCTION = "flag";

    /** What stands between the braces, behind the colon. */
    public static final Pattern REFERENCE =
            Pattern.compile("([A-Za-z0-9][A-Za-z0-9._-]{0,99})(?::([A-Za-z0-9._/@ -]{0,200}))?");

    static final Pattern USE = Pattern.compile("\\$(?:simple)?\\{flag:([^{}]*)}");

    private static final Pattern OPEN = Pattern.compile("\\$(?:simple)?\\{flag:");

    @Override
    public Predicate createPredicate(String text) {
        return super.createPredicate(rewritten(text));
    }

    @Override
    public Expression createExpression(String text) {
        return super.createExpression(rewritten(text));
    }

    private static String rewritten(String text) {
        if (!text.contains("{flag:")) {
            return text;
        }
        String rewritten = USE.matcher(text).replaceAll(FlagLanguage::call);
        if (OPEN.matcher(rewritten).find()) { // one function in another would be looked at for each message
            throw refused("...");
        }
        return rewritten;
    }

    private static String call(MatchResult use) {
        if (!REFERENCE.matcher(use.group(1)).matches()) {
            throw refused(use.group(1));
        }
        return Matcher.quoteReplacement("${flag('%s')}".formatted(use.group(1)));
    }

    private static IllegalArgumentException refused(String inside) {
        return new IllegalArgumentException(
                "'${flag:%s}' must be ${flag:<name>} or ${flag:<name>:<default>}: letters, digits, '.', '_' and '-', in a default also spaces, '/' and '@'"
                        .formatted(inside));
    }
}
