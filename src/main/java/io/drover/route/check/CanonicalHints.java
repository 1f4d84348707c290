package io.drover.route.check;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What to write instead of a form that is not Camel's canonical one. */
final class CanonicalHints {

    /** What a scalar is where an object is due; of the languages it is {@code expression}. */
    private static final Map<String, String> MAIN_OPTION = Map.ofEntries(
            Map.entry("convertBodyTo", "type"),
            Map.entry("kamelet", "name"),
            Map.entry("log", "message"),
            Map.entry("poll", "uri"),
            Map.entry("removeHeader", "name"),
            Map.entry("removeHeaders", "pattern"),
            Map.entry("removeProperties", "pattern"),
            Map.entry("removeProperty", "name"),
            Map.entry("removeVariable", "name"),
            Map.entry("rollback", "message"),
            Map.entry("sample", "samplePeriod"),
            Map.entry("setExchangePattern", "pattern"),
            Map.entry("to", "uri"),
            Map.entry("toD", "uri"),
            Map.entry("tokenize", "token"));

    private static final Set<String> LANGUAGES = Set.of(
            "constant",
            "csimple",
            "exchangeProperty",
            "groovy",
            "header",
            "java",
            "jq",
            "jsonpath",
            "language",
            "method",
            "ref",
            "simple",
            "spel",
            "tokenize",
            "variable",
            "xpath",
            "xquery",
            "xtokenize");

    private static final Set<String> OPTIONS = Set.of(
            "id",
            "description",
            "note",
            "from",
            "uri",
            "parameters",
            "steps",
            "variableSend",
            "variableReceive",
            "expression",
            "when",
            "otherwise",
            "name",
            "message",
            "disabled",
            "autoStartup");

    private CanonicalHints() {}

    /** Whether it is the name of a language, which stands below {@code expression}. */
    static boolean isLanguage(String name) {
        return LANGUAGES.contains(name);
    }

    /** The option that a scalar stands for, or null where that is not sure. */
    static @Nullable String mainOption(String name) {
        return MAIN_OPTION.getOrDefault(name, LANGUAGES.contains(name) && !name.equals("method") ? "expression" : null);
    }

    /** @param name of a step or option that has a scalar where an object is due */
    static String shorthand(String where, String name) {
        return "%s is shorthand; write it in Camel's canonical form: %s: { %s: ... }"
                .formatted(where, name, Objects.requireNonNullElse(mainOption(name), "..."));
    }

    /** @param parent the name that the unknown property stands below, or an empty string */
    static String unknown(String where, String property, String parent) {
        if (LANGUAGES.contains(property)) {
            return "%s: '%s' is shorthand; write it in Camel's canonical form: expression: { %s: { expression: ... } }"
                    .formatted(where, property, property);
        }
        if (property.equals("<<")) {
            return "%s: Camel does not know YAML's merge key <<; repeat the members, or name the whole mapping by *<anchor>"
                    .formatted(where);
        }
        if (parent.equals("steps")) {
            return KnownSteps.unknown(property);
        }
        if (property.equals("steps") && parent.equals("route")) {
            return "'route' has no 'steps'; they stand below 'from'";
        }
        return "%s has no '%s'%s"
                .formatted(
                        where,
                        property,
                        KnownSteps.NAMES.contains(property)
                                ? ": it is a step, which stands in a list of steps"
                                : Nearest.hint(property, OPTIONS));
    }
}
