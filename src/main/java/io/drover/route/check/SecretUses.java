package io.drover.route.check;

import io.drover.secret.SecretReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.tooling.model.BaseOptionModel;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * <code>{{secret:name}}</code> stands only where the value is put in when a request leaves: in headers, and in the path,
 * the query and the login of {@code http:} and {@code https:}, in the steps of a tool. Anywhere else what stands for the
 * secret would be sent instead of it.
 */
final class SecretUses implements Check {

    /** Options of the component that end in a header. */
    private static final Set<String> LOGIN = Set.of("authUsername", "authPassword", "authBearerToken");

    private static final Set<String> METHODS = Set.of("", "basic", "bearer");

    /** Ways to the same values by which Camel would record them. */
    private static final Pattern OTHER_WAY =
            Pattern.compile("DROVER_SECRET_[A-Za-z0-9_]*|drover\\.secret\\.[A-Za-z0-9._-]*", Pattern.CASE_INSENSITIVE);

    private static final Pattern HOST = Pattern.compile("(?:https?:)?(?://)?([^/?]*)");

    private static final String WHERE =
            "a secret stands in a setHeader, or in an http: or https: step's path, query, authUsername, authPassword or authBearerToken";

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        if (route.root() == null) {
            return;
        }
        Set<Node> right = Collections.newSetFromMap(new IdentityHashMap<>());
        if (route.isTool()) {
            route.uses().forEach(use -> endpoint(route, use, routes.settings, right, findings));
            route.elements().forEach(element -> header(element, right));
        }
        route.root().scalars(scalar -> {
            Matcher other = OTHER_WAY.matcher(scalar.text());
            if (other.find()) {
                findings.add(
                        route,
                        scalar.line(other.start()),
                        "%s would be recorded; write {{secret:<name>}}".formatted(other.group()));
            }
            if (isIn(scalar.text(), routes.settings)) {
                names(route, scalar, findings);
                if (!right.contains(scalar.node())) {
                    findings.add(route, scalar.line(), problem(route));
                }
            }
        });
    }

    /** The secrets that a route names, by right names. */
    static List<SecretUse> all(RouteSource route, Settings settings) {
        List<SecretUse> uses = new ArrayList<>();
        if (route.root() != null) {
            route.root().scalars(scalar -> {
                if (scalar.text().contains("{{")) {
                    for (String name : SecretReference.namesIn(settings.resolve(scalar.text()))) {
                        if (SecretReference.isName(name)) {
                            uses.add(new SecretUse(route.file(), scalar.line(), name));
                        }
                    }
                }
            });
        }
        return uses;
    }

    private static String problem(RouteSource route) {
        return route.isTool()
                ? "{{secret:...}} has no value here; %s".formatted(WHERE)
                : "{{secret:...}} has a value only in the steps of a tool; make the request in a route from: tool:<name>";
    }

    private static void names(RouteSource route, Yaml scalar, Findings findings) {
        for (String name : SecretReference.namesIn(scalar.text())) {
            String problem = SecretReference.problem(name);
            if (problem != null) {
                findings.add(route, scalar.line(scalar.text().indexOf(SecretReference.FUNCTION + ":")), problem);
            }
        }
    }

    /** Also where a property holds it that the text names. */
    private static boolean isIn(String text, Settings settings) {
        return text.contains("{{") && SecretReference.isWrittenIn(settings.resolve(text));
    }

    private static void endpoint(
            RouteSource route, EndpointUse use, Settings settings, Set<Node> right, Findings findings) {
        Predicate<String> holds = text -> isIn(text, settings);
        EndpointUri uri = EndpointUri.of(settings.resolve(use.uri().text()));
        boolean any = holds.test(use.uri().text())
                || use.options().stream()
                        .anyMatch(option -> holds.test(option.value().text()));
        if (!any) {
            return;
        }
        if (!uri.component().equals("http") && !uri.component().equals("https")) {
            findings.add(
                    route,
                    use.line(),
                    "%s: does not know {{secret:...}}, because it logs in before the call; give it the value by configuration, as in camel.component.<name>.<option>: ${NAME}"
                            .formatted(uri.component()));
            allow(use, right);
            return;
        }
        boolean login = LOGIN.stream().anyMatch(option -> holds.test(use.value(option)));
        if (login && !METHODS.contains(use.value("authMethod").toLowerCase(Locale.ROOT))) {
            findings.add(
                    route,
                    use.line(),
                    "authMethod %s would hash what stands for the secret; use Basic or Bearer"
                            .formatted(use.value("authMethod")));
        }
        for (String text : new String[] {use.uri().text(), use.value("httpUri")}) {
            Matcher host = HOST.matcher(settings.resolve(text));
            if (host.lookingAt() && SecretReference.isWrittenIn(host.group(1))) {
                findings.add(route, use.line(), "{{secret:...}} cannot name the host, which must be known: " + WHERE);
            }
        }
        for (EndpointUse.Option option : use.options()) {
            if (holds.test(option.value().text()) && isOfComponent(option.name()) && !LOGIN.contains(option.name())) {
                findings.add(
                        route,
                        option.line(),
                        "the option %s does not know {{secret:...}}; %s".formatted(option.name(), WHERE));
            }
        }
        allow(use, right);
    }

    private static void allow(EndpointUse use, Set<Node> right) {
        right.add(use.uri().node());
        use.options().forEach(option -> right.add(option.value().node()));
    }

    /** Whether it is no parameter of the query. */
    private static boolean isOfComponent(String option) {
        return Components.CATALOG.componentModel("http").getEndpointParameterOptions().stream()
                .map(BaseOptionModel::getName)
                .anyMatch(option::equals);
    }

    private static void header(Element element, Set<Node> right) {
        boolean header = element.type().endsWith(".SetHeaderDefinition")
                || element.isStep() && element.name().equals("setHeader");
        if (header) {
            for (Element language : element.languages()) {
                Yaml text = language.expression();
                if (text != null && Set.of("constant", "simple").contains(language.name())) {
                    right.add(text.node());
                }
            }
        }
    }
}
