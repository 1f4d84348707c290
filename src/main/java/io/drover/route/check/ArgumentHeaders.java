package io.drover.route.check;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A tool reads its arguments as variables: as headers they would be empty texts. */
final class ArgumentHeaders implements Check {

    private static final Pattern READ =
            Pattern.compile("(?:^|[(,])\\s*(?:in\\.)?headers?(?:\\?\\.|[.:?]|\\[)\\s*['\"]?([^\\]\\[(),'\"?.\\s]+)");

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        if (!route.isTool()) {
            return;
        }
        Set<String> arguments = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        arguments.addAll(new ToolDeclaration(route, routes).declared());
        for (Element element : route.elements()) {
            if (element.name().equals("setHeader") || element.type().endsWith(".SetHeaderDefinition")) {
                arguments.remove(element.text("name"));
            }
        }
        for (SimpleText simple : SimpleText.of(route)) {
            for (SimpleFunctions.Function function :
                    SimpleFunctions.of(simple.text().text())) {
                Matcher read = READ.matcher(function.text());
                if (read.find()) {
                    check(route, simple.text().line(function.offset()), read.group(1), arguments, findings);
                }
            }
        }
        for (Element element : route.elements()) {
            Yaml name = element.isLanguage() && element.name().equals("header") ? element.expression() : null;
            if (name != null) {
                check(route, name.line(), name.text(), arguments, findings);
            }
        }
    }

    private static void check(RouteSource route, int line, String header, Set<String> arguments, Findings findings) {
        if (arguments.contains(header)) {
            findings.add(
                    route,
                    line,
                    "no step sets the header '%s'; an argument of the tool is a variable: ${variable.%s}"
                            .formatted(header, header));
        }
    }
}
