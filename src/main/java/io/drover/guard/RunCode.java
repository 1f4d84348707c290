package io.drover.guard;

import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.NamedNode;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.HasExpressionType;
import org.apache.camel.model.ProcessDefinition;
import org.apache.camel.model.language.ExpressionDefinition;

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
        return !LOOKING.contains(language) || text.contains("{bean:") || text.contains("{groovy:");
    }
}
