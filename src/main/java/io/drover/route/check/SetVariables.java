package io.drover.route.check;

import io.drover.guard.CodeSteps;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The variables that a route sets by itself, and has from its start. */
final class SetVariables {

    private static final Set<String> OF_TASK = Set.of("taskId", "taskKey", "attempt");
    private static final Set<String> OF_TOOL = Set.of("idempotencyKey");

    /** A function of Simple that sets one. */
    private static final Pattern SET = Pattern.compile("\\s*setVariable\\(\\s*['\"]?([\\w.-]+)");

    private SetVariables() {}

    /** Adds those that it has from its start; false where that is not known. */
    static boolean atStart(RouteSource route, RouteSet routes, Set<String> known) {
        if (route.isTool()) {
            ToolDeclaration tool = new ToolDeclaration(route, routes);
            known.addAll(OF_TOOL);
            known.addAll(tool.declared());
            return !tool.isOpen();
        }
        if (route.isWorkflow()) {
            known.addAll(OF_TASK);
        }
        return true;
    }

    /** Visits those that its steps set, with their places; false where they may set any. */
    static boolean visit(RouteSource route, BiConsumer<String, Yaml> visitor) {
        for (Element element : route.elements()) {
            if (!element.type().equals(CamelModel.PLAIN) && !element(element, visitor)) {
                return false;
            }
        }
        for (SimpleText simple : SimpleText.of(route)) {
            if (CodeSteps.isInSimple(simple.text().text())) {
                return false;
            }
            for (SimpleFunctions.Function function :
                    SimpleFunctions.of(simple.text().text())) {
                Matcher set = SET.matcher(function.text());
                if (set.lookingAt()) {
                    visitor.accept(set.group(1), simple.text());
                }
            }
        }
        return true;
    }

    /** Whether it is in a language that is code, which may set any variable. */
    private static boolean isCode(Element element) {
        String language = element.name().equals("language") ? element.text("language") : element.name();
        return element.isLanguage() && CodeSteps.isLanguage(language);
    }

    private static boolean element(Element element, BiConsumer<String, Yaml> visitor) {
        if (CodeSteps.isStep(element.name()) || isCode(element)) {
            return false;
        }
        String strategy = element.text("aggregationStrategy");
        if (!strategy.isEmpty() && !strategy.matches("#?(bean:)?joinVariables|#class:org\\.apache\\.camel\\..*")) {
            return false;
        }
        String name =
                switch (element.name()) {
                    case "setVariable", "variables" -> element.text("name");
                    case "convertVariableTo" -> element.text("toName");
                    default -> element.type().endsWith(".SetVariableDefinition") ? element.text("name") : "";
                };
        for (String set : List.of(name, element.text("variableReceive"))) {
            if (set.contains("$") || set.contains("{{")) {
                return false;
            }
            if (!set.isEmpty()) {
                visitor.accept(set, element.value());
            }
        }
        return true;
    }
}
