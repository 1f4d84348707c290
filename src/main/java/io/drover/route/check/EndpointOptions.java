package io.drover.route.check;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.apache.camel.catalog.EndpointValidationResult;
import org.apache.camel.tooling.model.ComponentModel;
import org.apache.camel.tooling.model.ComponentModel.EndpointOptionModel;
import org.jspecify.annotations.Nullable;

/** Every endpoint's component is there, knows the options that are set, and gets values of their types. */
final class EndpointOptions implements Check {

    /** Of camel-kubernetes those whose models are there. */
    private static final Set<String> KUBERNETES = Set.of("kubernetes-job", "kubernetes-cronjob");

    /** What these do not know becomes a part of the query of the URL. */
    private static final Set<String> CLIENTS = Set.of("http", "https", "vertx-http");

    private final CamelContext context;

    /** @param context may hold components of its own */
    EndpointOptions(CamelContext context) {
        this.context = context;
    }

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        if (route.from() != null) {
            check(route, route.from(), routes, findings);
        }
        route.uses().forEach(use -> check(route, use, routes, findings));
    }

    private void check(RouteSource route, EndpointUse use, RouteSet routes, Findings findings) {
        if (use.scheme().isEmpty()) {
            if (!use.uri().text().contains("{{") && !use.isDynamic()) {
                findings.add(
                        route,
                        use.line(),
                        "'%s' is not an endpoint; one is <component>:<name>"
                                .formatted(use.uri().text()));
            }
            return;
        }
        ComponentModel model = Components.CATALOG.componentModel(use.scheme());
        if (model == null && isOwn(use.scheme())) {
            return; // nothing is known of its options
        }
        if (model == null || !isHere(use.scheme())) {
            findings.add(
                    route,
                    use.line(),
                    model == null
                            ? "there is no component '%s'%s"
                                    .formatted(use.scheme(), Nearest.hint(use.scheme(), componentsHere()))
                            : Absent.message("component", use.scheme(), model));
            return;
        }
        direction(route, use, model, findings);
        Map<String, String> values = new LinkedHashMap<>();
        use.options().forEach(option -> {
            if (option.value().isScalar()) {
                values.put(option.name(), routes.settings.resolve(option.value().text()));
            }
        });
        EndpointValidationResult result = Components.CATALOG.validateProperties(use.scheme(), values);
        for (EndpointUse.Option option : use.options()) {
            String message = problem(use, model, option, values.getOrDefault(option.name(), ""), result);
            if (message != null) {
                findings.add(route, option.line(), message);
            }
        }
    }

    private @Nullable String problem(
            EndpointUse use,
            ComponentModel model,
            EndpointUse.Option option,
            String value,
            EndpointValidationResult result) {
        String name = option.name();
        if (!use.isConsumer() && CLIENTS.contains(use.scheme())) {
            Set<String> names = optionNames(model, false);
            if (!names.contains(name) && Nearest.isTypo(name, names)) {
                return "%s: has no option '%s'%s It would go into the query of the URL; if that is meant, set the header CamelHttpQuery to the whole query"
                        .formatted(use.scheme(), name, Nearest.hint(name, names));
            }
        }
        if (result.getUnknown() != null && result.getUnknown().contains(name)) {
            return model.isLenientProperties() && !use.isConsumer()
                    ? null
                    : "%s has no option '%s'%s"
                            .formatted(
                                    use.scheme() + ":", name, Nearest.hint(name, optionNames(model, use.isConsumer())));
        }
        if (value.contains("{{") || value.contains("${") || value.startsWith("#")) {
            return null;
        }
        return has(result.getInvalidEnum(), name)
                ? wrong(name, value, "one of " + String.join(", ", result.getEnumChoices(name)))
                : has(result.getInvalidBoolean(), name)
                        ? wrong(name, value, "true or false")
                        : has(result.getInvalidInteger(), name) && !isBounded(use, value)
                                ? wrong(name, value, "a whole number")
                                : has(result.getInvalidNumber(), name)
                                        ? wrong(name, value, "a number")
                                        : has(result.getInvalidDuration(), name) && !isDuration(value)
                                                ? wrong(name, value, "a duration, as in 500ms, 2s or 15m")
                                                : null;
    }

    /** The catalog takes a number that is too long for an int for none; of our own options the bounds say what is wrong. */
    private static boolean isBounded(EndpointUse use, String value) {
        return Components.OURS.contains(use.scheme()) && value.matches("[+-]?\\d+");
    }

    /** The catalog knows no milliseconds by name, Camel itself does. */
    private static boolean isDuration(String value) {
        return WaitTimes.isWritten(value);
    }

    private static boolean has(@Nullable Map<String, String> found, String name) {
        return found != null && found.containsKey(name);
    }

    private static String wrong(String name, String value, String rule) {
        return "%s: '%s' must be %s".formatted(name, value, rule);
    }

    private static void direction(RouteSource route, EndpointUse use, ComponentModel model, Findings findings) {
        if (use.isConsumer() ? model.isProducerOnly() : model.isConsumerOnly()) {
            findings.add(
                    route,
                    use.line(),
                    "%s: is for '%s' only".formatted(use.scheme(), use.isConsumer() ? "to" : "from"));
        }
        String other = use.isConsumer() ? "producer" : "consumer";
        for (EndpointUse.Option option : use.options()) {
            for (EndpointOptionModel known : model.getEndpointOptions()) {
                boolean same = known.getPrefix() != null && known.isMultiValue()
                        ? option.name().startsWith(known.getPrefix())
                        : option.name().equals(known.getName());
                if (same && List.of(String.valueOf(known.getLabel()).split(",")).contains(other)) {
                    findings.add(
                            route,
                            option.line(),
                            "'%s' belongs to %s: %s: only"
                                    .formatted(option.name(), use.isConsumer() ? "to" : "from", use.scheme()));
                }
            }
        }
    }

    private static Set<String> optionNames(ComponentModel model, boolean consumer) {
        Set<String> names = new TreeSet<>();
        for (EndpointOptionModel option : model.getEndpointOptions()) {
            if (!String.valueOf(option.getLabel()).contains(consumer ? "producer" : "consumer")) {
                names.add(option.getPrefix() != null && option.isMultiValue() ? option.getPrefix() : option.getName());
            }
        }
        return names;
    }

    /** Somebody's own: a bean, or a component of a jar in lib/. */
    private boolean isOwn(String scheme) {
        return context.getRegistry().lookupByName(scheme + "-component") != null || isHere(scheme);
    }

    private static boolean isHere(String scheme) {
        return Components.OURS.contains(scheme)
                || (KUBERNETES.contains(scheme) || !scheme.matches("(kubernetes|openshift)-.*"))
                        && EndpointOptions.class.getResource("/META-INF/services/org/apache/camel/component/" + scheme)
                                != null;
    }

    private Set<String> componentsHere() {
        Set<String> names = new TreeSet<>(Components.OURS);
        Components.CATALOG.findComponentNames().stream()
                .filter(EndpointOptions::isHere)
                .forEach(names::add);
        return names;
    }
}
