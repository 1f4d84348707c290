package io.drover.route.check;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Each step is one of Camel's. */
final class KnownSteps implements Check {

    static final Set<String> NAMES = CamelModel.members(CamelModel.STEP);

    /** By step, the names that authors know from elsewhere. */
    private static final Map<String, List<String>> MEANT = Map.of(
            "delay", List.of("pause", "sleep"),
            "choice", List.of("if", "switch", "when", "case", "otherwise", "else"),
            "split", List.of("foreach", "for", "each", "iterate"),
            "loop", List.of("while", "repeat", "until"),
            "doTry", List.of("try", "catch", "finally"),
            "multicast", List.of("parallel", "fork", "concurrent"),
            "to", List.of("call", "invoke", "send", "request", "http", "kafka", "sql"),
            "setVariable", List.of("set", "assign", "variable", "var", "let"),
            "log", List.of("print", "echo", "debug"),
            "throwException", List.of("throw", "raise", "fail", "error"));

    private static final Map<String, String> STEPS = new HashMap<>(Map.of("return", "stop", "exit", "stop"));

    static {
        MEANT.forEach((step, names) -> names.forEach(name -> STEPS.put(name, step)));
    }

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        for (Element element : route.elements()) {
            if (element.isStep() && !NAMES.contains(element.name())) {
                findings.add(route, element.line(), unknown(element.key().text()));
            }
        }
    }

    static String unknown(String name) {
        String meant = STEPS.get(name.toLowerCase(Locale.ROOT));
        String hint = Components.OURS.contains(name)
                ? "; did you mean to: { uri: '%s:...' }?".formatted(name)
                : meant != null ? "; did you mean '%s'?".formatted(meant) : Nearest.hint(name, NAMES);
        return "'%s' is not a step that Camel knows%s".formatted(name, hint);
    }
}
