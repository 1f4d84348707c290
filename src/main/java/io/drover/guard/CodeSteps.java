package io.drover.guard;

import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.NamedNode;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.HasExpressionType;
import org.apache.camel.model.KameletDefinition;
import org.apache.camel.model.ProcessDefinition;
import org.apache.camel.model.ScriptDefinition;
import org.apache.camel.model.SendDefinition;
import org.apache.camel.model.language.ExpressionDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Which steps and languages are code: neither Camel nor Drover knows what they send, or which variables they set.
 * The only owner of these lists.
 */
public final class CodeSteps {

    /** As a file names them. */
    private static final Set<String> STEPS = Set.of("bean", "process", "script", "kamelet", "customLoadBalancer");

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

    /** Components that are code, or lead to any. */
    private static final Set<String> COMPONENTS = Set.of("bean", "class", "language", "kamelet", "mvel", "ref");

    private static final Pattern SCRIPT = Pattern.compile("(?:mvel:|language:(?://)?([\\w-]+)).*", Pattern.DOTALL);

    /** As it is written, and as it stands in a URI. */
    private static final Pattern CALLS = Pattern.compile("(\\{|%7B)(bean|groovy)(:|%3A)", Pattern.CASE_INSENSITIVE);

    private CodeSteps() {}

    /** Whether a step of an author is code itself, so that it may send something. A processor without a name is ours. */
    static boolean isOne(NamedNode node) {
        return node instanceof BeanDefinition
                || node instanceof ScriptDefinition
                || node instanceof KameletDefinition
                || node instanceof ProcessDefinition process && process.getRef() != null
                || node instanceof SendDefinition<?> send && isScript(String.valueOf(send.getEndpointUri()));
    }

    private static boolean isScript(String uri) {
        Matcher script = SCRIPT.matcher(uri);
        return script.matches() && (script.group(1) == null || isLanguage(script.group(1)));
    }

    /** Whether a step evaluates code, such as a body that is set by Groovy. */
    static boolean isIn(NamedNode node) {
        Stream<?> asked = node instanceof ChoiceDefinition choice ? choice.getWhenClauses().stream() : Stream.of(node);
        return asked.filter(HasExpressionType.class::isInstance)
                .map(step -> ((HasExpressionType) step).getExpressionType())
                .filter(Objects::nonNull)
                .anyMatch(CodeSteps::isCode);
    }

    private static boolean isCode(ExpressionDefinition expression) {
        String language = expression.getLanguage();
        return language != null // else it is one of ours
                && (isLanguage(language) || isInSimple(String.valueOf(expression.getExpression())));
    }

    /** The same of a step by the name that a file gives it. */
    public static boolean isStep(String name) {
        return STEPS.contains(name);
    }

    /** Whether an endpoint may be code. */
    public static boolean isComponent(String scheme) {
        return COMPONENTS.contains(scheme);
    }

    /** Whether what is written in a language is code. */
    public static boolean isLanguage(String name) {
        return !LOOKING.contains(name);
    }

    /** Whether a text in Simple runs code. */
    public static boolean isInSimple(@Nullable String text) {
        return text != null && CALLS.matcher(text).find();
    }
}
