package io.drover.route.check;

import java.util.Set;
import java.util.regex.Matcher;

/** Every property placeholder without a default has a value. */
final class Placeholders implements Check {

    /** What a person reads; Camel leaves it as it is. */
    private static final Set<String> WORDS = Set.of("description", "note");

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        if (route.root() != null) {
            Element.entries(route.root()).forEach(entry -> check(route, entry, routes, findings));
        }
    }

    private static void check(RouteSource route, Element element, RouteSet routes, Findings findings) {
        if (element.type().equals(CamelModel.PLAIN)) {
            if (!WORDS.contains(element.name())) {
                element.value().scalars(scalar -> check(route, scalar, routes, findings));
            }
        } else if (element.value().isScalar()) {
            check(route, element.value(), routes, findings);
        } else {
            element.members().forEach(member -> check(route, member, routes, findings));
        }
    }

    private static void check(RouteSource route, Yaml scalar, RouteSet routes, Findings findings) {
        Matcher placeholder = Settings.PLACEHOLDER.matcher(scalar.text());
        while (placeholder.find()) {
            String name = placeholder.group(1).strip();
            boolean mayBeMissing = name.startsWith("?") || name.matches("(bean|service|secret|configmap)[.:].*");
            if (!mayBeMissing && routes.settings.value(name.startsWith("!") ? name.substring(1) : name) == null) {
                findings.add(
                        route,
                        scalar.line(placeholder.start()),
                        "the property '%s' has no value: set it (--%s=..., the environment or application.yaml), or give a default as in {{%s:...}}"
                                .formatted(name, name, name));
            }
        }
    }
}
