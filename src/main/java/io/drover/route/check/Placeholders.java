package io.drover.route.check;

import java.util.regex.Matcher;

/** Every property placeholder without a default has a value. */
final class Placeholders implements Check {

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        if (route.root() != null) {
            route.root().scalars(scalar -> check(route, scalar, routes, findings));
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
