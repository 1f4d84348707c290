package io.drover.route.check;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.model.DataFormatDefinition;
import org.apache.camel.tooling.model.DataFormatModel;
import org.apache.camel.tooling.model.LanguageModel;
import org.jspecify.annotations.Nullable;

/** The languages and data formats that a file names are there. */
final class CamelParts implements Check {

    /** Where the catalog's name of a language is not that of the step. */
    private static final Map<String, String> LANGUAGE_NAMES = Map.of("method", "bean");

    /** Data formats of which a library, or a type, decides what is loaded; the first word is what Camel takes by itself. */
    private static final Map<String, Map<String, String>> BY_OPTION = Map.of(
            "json",
                    Map.of(
                            "", "jackson",
                            "jackson", "jackson",
                            "gson", "gson",
                            "fastjson", "fastjson",
                            "jsonb", "jsonb",
                            "johnzon", "johnzon",
                            "xstream", "xstream"),
            "avro", Map.of("", "avro", "apacheavro", "avro", "jackson", "avroJackson"),
            "protobuf", Map.of("", "protobuf", "googleprotobuf", "protobuf", "jackson", "protobufJackson"),
            "yaml", Map.of("", "snakeYaml", "snakeyaml", "snakeYaml"),
            "bindy", Map.of("", "bindyCsv", "csv", "bindyCsv", "fixed", "bindyFixed", "keyvalue", "bindyKvp"));

    /** A function of Simple that evaluates another language. */
    private static final Pattern OF_LANGUAGE = Pattern.compile("\\s*(jsonpath|jq|xpath)\\(");

    private final CamelContext context;

    CamelParts(CamelContext context) {
        this.context = context;
    }

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        for (Element element : route.elements()) {
            if (element.isLanguage()) {
                language(route, element, findings);
            } else if (isUnknownLanguage(element)) {
                findings.add(
                        route,
                        element.line(),
                        "there is no language '%s'%s"
                                .formatted(
                                        element.key().text(),
                                        Nearest.hint(element.name(), CamelModel.members(CamelModel.EXPRESSION))));
            } else if (CamelModel.isDataFormat(element.type())) {
                String name = dataFormat(element);
                if (name != null) {
                    dataFormat(route, element.line(), name, findings);
                }
            }
        }
        for (SimpleText simple : SimpleText.of(route)) {
            for (SimpleFunctions.Function function :
                    SimpleFunctions.of(simple.text().text())) {
                Matcher other = OF_LANGUAGE.matcher(function.text());
                if (other.lookingAt()) {
                    language(route, simple.text().line(function.offset()), other.group(1), findings);
                }
            }
        }
        for (EndpointUse use : route.uses()) {
            String first = use.path().split(":", 2)[0];
            if (!first.contains("${") && !first.contains("{{")) {
                if (use.is("language")) {
                    language(route, use.line(), first, findings);
                } else if (use.is("dataformat")) {
                    dataFormat(route, use.line(), first, findings);
                }
            }
        }
    }

    private static boolean isUnknownLanguage(Element element) {
        return element.holder() != null
                && element.holder().type().equals(CamelModel.EXPRESSION)
                && !CamelModel.members(CamelModel.EXPRESSION).contains(element.name());
    }

    private void language(RouteSource route, Element element, Findings findings) {
        String name = element.name().equals("language")
                ? element.text("language")
                : LANGUAGE_NAMES.getOrDefault(element.name(), element.name());
        if (!name.isEmpty() && !name.contains("{{")) {
            language(route, element.line(), name, findings);
        }
    }

    private void language(RouteSource route, int line, String name, Findings findings) {
        if (isKnown("language", name)) {
            return;
        }
        LanguageModel model = Components.CATALOG.languageModel(name);
        findings.add(
                route,
                line,
                model == null
                        ? "there is no language '%s'%s".formatted(name, Nearest.hint(name, languages()))
                        : Absent.message("language", name, model));
    }

    private void dataFormat(RouteSource route, int line, String name, Findings findings) {
        if (isKnown("dataformat", name)) {
            return;
        }
        DataFormatModel model = Components.CATALOG.dataFormatModel(name);
        findings.add(
                route,
                line,
                model == null
                        ? "there is no data format '%s'%s"
                                .formatted(name, Nearest.hint(name, Components.CATALOG.findDataFormatNames()))
                        : Absent.message("data format", name, model));
    }

    /** The name under which Camel looks for it, or null where only its own bean says that. */
    private static @Nullable String dataFormat(Element element) {
        if (element.name().equals("custom")) {
            return null;
        }
        Map<String, String> byOption = BY_OPTION.get(element.name());
        if (byOption != null) {
            String option = element.text(element.name().equals("bindy") ? "type" : "library");
            return byOption.get(option.toLowerCase(Locale.ROOT).replace("-", ""));
        }
        try {
            return ((DataFormatDefinition)
                            Class.forName(element.type()).getConstructor().newInstance())
                    .getDataFormatName();
        } catch (ReflectiveOperationException | ClassCastException e) {
            return null; // part of one, such as the keys of a crypto data format
        }
    }

    private static Set<String> languages() {
        Set<String> names = new TreeSet<>(Components.CATALOG.findLanguageNames());
        names.removeIf(name -> !isHere("language", name));
        return names;
    }

    private boolean isKnown(String kind, String name) {
        return isHere(kind, name)
                || context.getRegistry().lookupByName("%s-%s".formatted(name, kind)) != null
                || context.getRegistry().lookupByName(name) != null;
    }

    private static boolean isHere(String kind, String name) {
        return name.matches("[\\w.-]+")
                && CamelParts.class.getResource("/META-INF/services/org/apache/camel/%s/%s".formatted(kind, name))
                        != null;
    }
}
