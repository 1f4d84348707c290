package io.drover.route.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A text that Camel, or a component of ours, evaluates in the Simple language.
 *
 * @param text      where it stands
 * @param predicate whether it is true or false
 */
record SimpleText(Yaml text, boolean predicate) {

    private static final Set<String> PREDICATES =
            Set.of("when", "filter", "validate", "onWhen", "completionPredicate", "continued", "handled", "retryWhile");

    private static final Set<String> DYNAMIC = Set.of("toD", "poll", "wireTap");

    /** Steps whose name may be computed. */
    private static final Set<String> NAMED =
            Set.of("setHeader", "setProperty", "setVariable", "removeHeader", "removeProperty", "removeVariable");

    /** By component of ours, the options that it evaluates. */
    private static final Map<String, List<String>> EVALUATED = Map.of(
            "task", List.of("key"),
            "agent", List.of("memory", "model"),
            "wait", List.of("key", "timeout", "duration", "until"),
            "signal", List.of("key", "id"));

    /** Components of Camel that evaluate the names of files. */
    static final Set<String> FILES = Set.of("file", "ftp", "ftps", "sftp");

    /** The options of these that name a file which is written. */
    static final List<String> FILE_NAMES = List.of("fileName", "tempFileName", "doneFileName");

    /** Options of a tool that are texts. */
    private static final List<String> OF_TOOL = List.of("effectKey", "summary");

    private static final String EXPRESSION = "${";

    /** What {@code sql:} evaluates of a statement. */
    private static final String PARAMETER = "#${";

    /** All of a file, in no particular order. */
    static List<SimpleText> of(RouteSource route) {
        List<SimpleText> texts = new ArrayList<>();
        route.elements().forEach(element -> element(element, texts));
        route.uses().forEach(use -> endpoint(use, texts));
        if (route.isTool()) {
            options(route.declaration(), OF_TOOL, texts);
        }
        EndpointUse.Option approval = route.isTool() ? route.declaration().option("approval") : null;
        if (approval != null && approval.value().text().contains(EXPRESSION)) {
            texts.add(new SimpleText(approval.value(), true));
        }
        return texts;
    }

    private static void element(Element element, List<SimpleText> texts) {
        if (element.isLanguage() && isSimple(element)) {
            Yaml text = element.expression();
            if (text != null) {
                texts.add(new SimpleText(text, isPredicate(element)));
            }
        } else if (element.name().equals("log") && element.text("logLanguage").isEmpty()
                || element.name().equals("throwException")) {
            message(element, texts);
            name(element.get("logName"), texts);
        } else if (element.isStep() && NAMED.contains(element.name())) {
            name(element.get("name"), texts);
        } else if (element.type().endsWith(".SetHeaderDefinition")
                || element.type().endsWith(".SetVariableDefinition")) {
            name(element.get("name"), texts);
        }
    }

    private static void message(Element step, List<SimpleText> texts) {
        Yaml message = step.value().isScalar() ? step.value() : step.get("message");
        if (step.isStep() && message != null) {
            texts.add(new SimpleText(message, false));
        }
    }

    private static void name(@org.jspecify.annotations.Nullable Yaml name, List<SimpleText> texts) {
        if (name != null && name.text().contains(EXPRESSION)) {
            texts.add(new SimpleText(name, false));
        }
    }

    private static boolean isSimple(Element language) {
        return Set.of("simple", "csimple").contains(language.name())
                || language.name().equals("language")
                        && language.text("language").equals("simple");
    }

    private static boolean isPredicate(Element language) {
        Element clause = language.holder();
        while (clause != null && clause.name().equals("expression")) {
            clause = clause.holder();
        }
        return clause != null && (PREDICATES.contains(clause.name()) || clause.isWhile());
    }

    private static void endpoint(EndpointUse use, List<SimpleText> texts) {
        if (DYNAMIC.contains(use.eip())) {
            texts.add(new SimpleText(use.uri(), false));
            use.options().stream()
                    .filter(option -> option.value().node() != use.uri().node())
                    .filter(option -> option.key().node() != use.uri().node()) // a part of the URI
                    .filter(option -> option.value().text().contains(EXPRESSION))
                    .forEach(option -> texts.add(new SimpleText(option.value(), false)));
        } else if (use.is("tool")) {
            use.options("arg.").forEach(argument -> texts.add(new SimpleText(argument.value(), false)));
        } else if (use.is("sql")) {
            if (use.uri().text().contains(PARAMETER)) {
                texts.add(new SimpleText(use.uri(), false));
            }
            options(use, List.of("query"), texts);
        } else if (FILES.contains(use.scheme()) && !use.isConsumer()) {
            options(use, FILE_NAMES, texts);
        } else {
            options(use, EVALUATED.getOrDefault(use.scheme(), List.of()), texts);
        }
    }

    private static void options(EndpointUse use, List<String> names, List<SimpleText> texts) {
        names.stream()
                .map(use::option)
                .filter(Objects::nonNull)
                .forEach(option -> texts.add(new SimpleText(option.value(), false)));
    }
}
