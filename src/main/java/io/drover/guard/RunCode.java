package io.drover.guard;

import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.NamedNode;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.HasExpressionType;
import org.apache.camel.model.ProcessDefinition;
import org.apache.camel.model.language.ExpressionDefinition;
import org.jspecify.annotations.Nullable;

/** Steps that do something and whose code may do anything, such as a body that is set by Groovy. */
final class RunCode {

    /** The languages that only look at the message. Simple calls beans, too. */
    private static final Set<String> LOOKING = Set.of(
            "simple",
            "constant",
            "header",
            "variable",
            "exchangeProperty",
            "jq",
            "jsonpath",
            "xpath",
            "xtokenize",
            "tokenize",
            "ref",
            "csimple",
            "datasonnet",
            "hl7terser");

    /** As it is written, and as it stands in a URI. */
    private static final Pattern CALLS = Pattern.compile("(\\{|%7B)(bean|groovy)(:|%3A)", Pattern.CASE_INSENSITIVE);

    private RunCode() {}

    static boolean isIn(NamedNode node) {
        return node instanceof ProcessDefinition process && process.getRef() != null
                || expressions(node).anyMatch(RunCode::isCode);
    }

    private static Stream<ExpressionDefinition> expressions(NamedNode node) {
        Stream<?> asked = node instanceof ChoiceDefinition choice ? choice.getWhenClauses().stream() : Stream.of(node);
        return asked.filter(HasExpressionType.class::isInstance)
                .map(step -> ((HasExpressionType) step).getExpressionType())
                .filter(Objects::nonNull);
    }

    private static boolean isCode(ExpressionDefinition expression) {
        String language = expression.getLanguage();
        if (language == null) {
            return false; // one of ours
        }
        String text = String.valueOf(expression.getExpression());
        return !LOOKING.contains(language) || isInText(text);
    }

    /** Whether a text in the Simple language runs code. */
    static boolean isInText(@Nullable String text) {
        return text != null && CALLS.matcher(text).find();
    }
}
