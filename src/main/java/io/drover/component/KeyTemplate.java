package io.drover.component;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.jspecify.annotations.Nullable;

/**
 * Whom a memory or a signal concerns: text with expressions of the Simple language. Each of them must have a value, or there
 * is no key: {@code customer-${body[email]}} must not make all who have no address one customer.
 */
final class KeyTemplate {

    /** Text, or an expression. */
    private record Part(String text, @Nullable Expression expression) {}

    private final List<Part> parts = new ArrayList<>();

    KeyTemplate(String written, CamelContext context) {
        String text = written.replace("$simple{", "${"); // the same, where something else reads ${...} first
        int at = 0;
        while (at < text.length()) {
            int function = text.indexOf("${", at);
            int end = function < 0 ? text.length() : function;
            if (end > at) {
                parts.add(new Part(text.substring(at, end), null));
            }
            if (function >= 0) {
                end = endOf(text, function);
                Expression expression =
                        context.resolveLanguage("simple").createExpression(text.substring(function, end));
                expression.init(context);
                parts.add(new Part(text.substring(function, end), expression));
            }
            at = end;
        }
    }

    /** Where the expression that begins here ends; expressions may stand in each other. */
    private static int endOf(String text, int begin) {
        int depth = 0;
        for (int i = begin; i < text.length(); i++) {
            if (text.startsWith("${", i)) {
                depth++;
            } else if (text.charAt(i) == '}' && --depth == 0) {
                return i + 1;
            }
        }
        return text.length(); // the language will say what is wrong with it
    }

    /** @return null when a part of it has no value, or all is blank */
    @Nullable
    String of(Exchange exchange) {
        StringBuilder key = new StringBuilder();
        for (Part part : parts) {
            String value =
                    part.expression() == null ? part.text() : part.expression().evaluate(exchange, String.class);
            if (part.expression() != null && (value == null || value.isBlank())) {
                return null;
            }
            key.append(value);
        }
        return key.toString().isBlank() ? null : key.toString();
    }
}
