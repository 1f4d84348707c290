package io.drover.route.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.tooling.model.EipModel;
import org.jspecify.annotations.Nullable;

/** The beans and classes that a file names are there. */
final class NamedBeans implements Check {

    /** Members that name a bean, of what the catalog takes for text. */
    private static final Map<String, List<String>> REFERENCES = Map.of(
            "bean", List.of("ref"),
            "process", List.of("ref"),
            "method", List.of("ref"),
            "customLoadBalancer", List.of("ref"),
            "custom", List.of("ref"),
            "route", List.of("routePolicy"));

    /** Members that name a class, one or a list of them. */
    private static final Map<String, List<String>> CLASSES = Map.of(
            "bean", List.of("beanType"),
            "method", List.of("beanType"),
            "throwException", List.of("exceptionType"),
            "doCatch", List.of("exception"),
            "onException", List.of("exception"),
            "convertBodyTo", List.of("type"),
            "convertHeaderTo", List.of("type"),
            "convertVariableTo", List.of("type"),
            "json", List.of("unmarshalType"),
            "simple", List.of("resultType"));

    /** One that a bean is made of as it is written, such as {@code #class:com.example.Join}. */
    private static final Pattern OF_CLASS = Pattern.compile("#class:([\\w.$]+).*");

    /** A function of Simple that names a bean or a class, with what follows its name. */
    private static final Pattern IN_SIMPLE =
            Pattern.compile("\\s*(bean|ref|type|bodyAs|mandatoryBodyAs|exceptionAs|messageAs)[:(]\\s*([\\w.$#-]+)");

    private static final String TYPE = "type:";

    private final CamelContext context;
    private final KnownBeans beans;

    NamedBeans(CamelContext context, KnownBeans beans) {
        this.context = context;
        this.beans = beans;
    }

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        route.elements().forEach(element -> element(route, element, routes, findings));
        SimpleText.of(route).forEach(simple -> simple(route, simple.text(), routes, findings));
        List<EndpointUse> endpoints = new ArrayList<>(route.uses());
        if (route.from() != null) {
            endpoints.add(route.from());
        }
        for (EndpointUse use : endpoints) {
            for (EndpointUse.Option option : use.options()) {
                String value = routes.settings.resolve(option.value().text());
                if (value.startsWith("#")) {
                    reference(route, option.line(), option.name(), value, routes, findings);
                }
            }
            endpoint(route, use, routes, findings);
        }
    }

    private void simple(RouteSource route, Yaml text, RouteSet routes, Findings findings) {
        for (SimpleFunctions.Function function : SimpleFunctions.of(text.text())) {
            Matcher named = IN_SIMPLE.matcher(function.text());
            if (!named.lookingAt()) {
                continue;
            }
            String name = named.group(2);
            int line = text.line(function.offset());
            switch (named.group(1)) {
                case "bean" -> {
                    String rest = function.text().substring(named.start(2));
                    if (rest.startsWith(TYPE)) {
                        memberOfType(route, line, rest.substring(TYPE.length()).split("[?(:]", 2)[0], findings);
                    } else if (!beans.has(name)) { // else the name itself has dots
                        reference(route, line, "bean", name.split("\\.", 2)[0], routes, findings);
                    }
                }
                case "ref" -> reference(route, line, "ref", name, routes, findings);
                case "type" -> memberOfType(route, line, name, findings);
                default -> {
                    if (name.contains(".")) { // else one that Camel knows by a short name
                        type(route, line, named.group(1), name, findings);
                    }
                }
            }
        }
    }

    /** A class, or one with the name of a member behind it. */
    private void memberOfType(RouteSource route, int line, String name, Findings findings) {
        int dot = name.lastIndexOf('.');
        if (dot < 0 || context.getClassResolver().resolveClass(name.substring(0, dot)) == null) {
            type(route, line, "type", name, findings);
        }
    }

    private void endpoint(RouteSource route, EndpointUse use, RouteSet routes, Findings findings) {
        String name = routes.settings.resolve(use.path());
        if (name.contains("${") || name.isEmpty()) {
            return;
        }
        switch (use.scheme()) {
            case "bean", "ref" -> reference(route, use.line(), use.scheme(), name, routes, findings);
            case "class" -> type(route, use.line(), "class", name, findings);
            default -> {}
        }
    }

    private void element(RouteSource route, Element element, RouteSet routes, Findings findings) {
        for (String member : REFERENCES.getOrDefault(element.name(), List.of())) {
            reference(route, element, member, routes, findings);
        }
        if (element.isStep()) {
            EipModel model = Components.CATALOG.eipModel(element.name());
            if (model != null) {
                model.getOptions().stream()
                        .filter(option -> "object".equals(option.getType()) && "attribute".equals(option.getKind()))
                        .forEach(option -> reference(route, element, option.getName(), routes, findings));
            }
        }
        for (String member : CLASSES.getOrDefault(element.name(), List.of())) {
            Yaml value = element.get(member);
            List<Yaml> names = value == null ? List.of() : value.isScalar() ? List.of(value) : value.items();
            if (isStructural(element)) {
                names.forEach(name -> type(route, name.line(), member, routes.settings.resolve(name.text()), findings));
            }
        }
    }

    private static boolean isStructural(Element element) {
        return !element.type().equals(CamelModel.PLAIN);
    }

    private void reference(RouteSource route, Element element, String member, RouteSet routes, Findings findings) {
        Yaml value = isStructural(element) ? element.get(member) : null;
        if (value != null && !value.text().isBlank()) {
            reference(route, value.line(), member, routes.settings.resolve(value.text()), routes, findings);
        }
    }

    private void reference(
            RouteSource route, int line, String member, String written, RouteSet routes, Findings findings) {
        Matcher made = OF_CLASS.matcher(written);
        if (made.matches()) {
            type(route, line, member, made.group(1), findings);
            return;
        }
        String name = written.startsWith("#bean:") ? written.substring(6) : written.replaceFirst("^#", "");
        if (name.contains("${") || name.contains("{{") || name.contains(":") || beans.has(name)) {
            return;
        }
        if (isProfile(member, name)) {
            return;
        }
        findings.add(
                route, line, "%s: there is no bean '%s'%s".formatted(member, name, Nearest.hint(name, beans.names())));
    }

    private boolean isProfile(String member, String name) {
        return member.contains("xecutorService")
                && context.getExecutorServiceManager().getThreadPoolProfile(name) != null;
    }

    private void type(RouteSource route, int line, String member, String name, Findings findings) {
        if (name.isBlank() || name.contains("${") || name.contains("{{")) {
            return;
        }
        @Nullable Class<?> found = context.getClassResolver().resolveClass(name.strip());
        if (found == null) {
            findings.add(route, line, "%s: there is no class '%s'".formatted(member, name));
        }
    }
}
