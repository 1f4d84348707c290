package io.drover.route.check;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What comes from outside is data: it neither chooses where a message goes nor becomes a part of what is executed. In a URL
 * it is encoded. The place for it is a header, because Camel decodes the path of a {@code toD} URI and encodes its query
 * once more.
 */
final class Injections implements Check {

    /** Switches by which a message becomes what is executed, and what to write instead. */
    private static final Map<String, String> EXECUTING = new TreeMap<>(
            Map.of(
                    "allowTemplateFromHeader",
                    "a header of the message becomes what is executed; leave it out",
                    "useMessageBodyForSql",
                    "the body of the message becomes the statement; write it into the URI, with :#${variable.x} for what is unknown"));

    /** Headers whose values are encoded by {@code ${url(...)}}. */
    private static final Set<String> ENCODED_HEADERS = Set.of("camelhttppath", "camelhttpquery", "camelfilename");

    /** Headers that say what is executed or where it goes, and what to write instead. */
    private static final Map<String, String> STEERING = steering();

    /** Languages that read a message; what others return is the author's own code. */
    private static final Set<String> READERS =
            Set.of("header", "variable", "exchangeProperty", "jsonpath", "jq", "xpath", "tokenize", "xtokenize");

    /** Where a name within the process is looked up: a wrong one is there or not. */
    private static final Pattern INSIDE = Pattern.compile("(?:tool|task|agent|direct):[^?]*");

    /** Steps that take what is computed apart into several endpoints. */
    private static final Set<String> LISTS = Set.of("recipientList", "routingSlip", "dynamicRouter");

    /** The names of files that a consumer found, as in {@code ${file:name}}. */
    private static final Pattern FOUND_FILE = Pattern.compile("\\$\\{file:[^{}]*}");

    /** A function of Simple that sets a header. */
    private static final Pattern SETS_HEADER = Pattern.compile("\\s*setHeader\\(\\s*['\"]?([\\w.-]*)");

    private static final String FILE = "the name of a file";

    private static final String TEXT = "write the text at the step, and give what is unknown as parameters";

    private static Map<String, String> steering() {
        Map<String, String> headers = new TreeMap<>();
        headers.put("CamelHttpUri", "use to: with a fixed endpoint, and the headers CamelHttpPath and CamelHttpQuery");
        headers.put("CamelHttpRawQuery", "use CamelHttpQuery, with ${url(...)} around what is unknown");
        headers.put("CamelSqlQuery", "write the statement into the URI, with :#${variable.x} for what is unknown");
        headers.put("CamelOverruleFileName", "use CamelFileName, with ${url(...)} around what is unknown");
        headers.put("kafka.OVERRIDE_TOPIC", "use to: with a fixed topic, or choice with one for each topic");
        headers.put("CamelJmsDestinationName", "use to: with a fixed destination");
        headers.put("CamelJmsDestination", "use to: with a fixed destination");
        headers.put("CamelBeanMethodName", "name the method at the step");
        headers.put("CamelExecCommandExecutable", "name the program in the URI");
        headers.put("CamelExecCommandArgs", "write the arguments into the URI");
        for (String template : Set.of("Velocity", "Freemarker", "Mustache", "StringTemplate", "Thymeleaf")) {
            headers.put("Camel%sTemplate".formatted(template), TEXT);
            headers.put("Camel%sResourceUri".formatted(template), TEXT);
        }
        headers.put("CamelLanguageScript", TEXT);
        headers.put("CamelJsltString", TEXT);
        return headers;
    }

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        for (EndpointUse use : route.uses()) {
            if (use.mayBeComputed()) {
                target(route, use, findings);
            }
            executed(route, use, findings);
            if (mayLeaveItsDirectory(use)) {
                SimpleText.FILE_NAMES.forEach(name -> fileName(route, use.option(name), findings));
            }
        }
        SimpleText.of(route).forEach(simple -> functions(route, simple.text(), findings));
        for (Element element : route.elements()) {
            boolean header = element.type().endsWith(".SetHeaderDefinition");
            if (header || element.isStep() && element.name().equals("setHeader")) {
                header(route, element, findings);
            } else if (element.isStep() && element.name().equals("convertHeaderTo")) {
                converted(route, element, findings);
            }
        }
    }

    /** A header that came with the message becomes one that steers. */
    private static void converted(RouteSource route, Element step, Findings findings) {
        String header = step.text("toName");
        if (ENCODED_HEADERS.contains(header.toLowerCase(Locale.ROOT))) {
            findings.add(
                    route,
                    step.line(),
                    "%s: what the header %s holds goes into a URL or the name of a file without encoding; write setHeader with ${url(...)}"
                            .formatted(header, step.text("name")));
        }
        STEERING.forEach((name, wayOut) -> {
            if (name.equalsIgnoreCase(header)) {
                findings.add(route, step.line(), takenFromMessage(header, wayOut));
            }
        });
    }

    private static String takenFromMessage(String header, String wayOut) {
        return "the header %s decides what is executed or where it goes, and takes it from the message; %s"
                .formatted(header, wayOut);
    }

    private static void target(RouteSource route, EndpointUse use, Findings findings) {
        if (READERS.contains(use.language())) {
            findings.add(
                    route,
                    use.line(),
                    "%s: what the language %s reads from the message chooses the target of the call; use to: with a fixed endpoint"
                            .formatted(use.eip(), use.language()));
            return;
        }
        Matcher name = INSIDE.matcher(LISTS.contains(use.eip()) ? "" : use.uri().text());
        boolean inside = name.lookingAt();
        String problem = inside
                ? "%s among the options of a %s URI can set other options; use to: with a fixed endpoint, or pass it in the body"
                : "%s in a %s URI can change the target of the call; "
                        + (use.scheme().startsWith("http")
                                ? "set the header CamelHttpPath or CamelHttpQuery with ${url(%1$s)}, and use to:"
                                : "use to: with a fixed endpoint");
        inUri(route, use, use.uri(), inside ? name.end() : 0, problem, findings);
        use.options().stream()
                .filter(option -> option.key().node() != use.uri().node()) // which is a part of the URI
                .forEach(option -> inUri(route, use, option.value(), 0, problem, findings));
    }

    private static void inUri(
            RouteSource route, EndpointUse use, Yaml text, int from, String problem, Findings findings) {
        Matcher argument = RawText.RAW.matcher(text.text());
        for (boolean found = argument.find(from); found; found = argument.find()) {
            findings.add(route, text.line(argument.start()), problem.formatted(argument.group(), use.eip()));
        }
    }

    /** By itself Camel refuses the name of a file that leads out of the endpoint's directory. */
    private static boolean mayLeaveItsDirectory(EndpointUse use) {
        return SimpleText.FILES.contains(use.scheme())
                && !use.mayBeComputed()
                && use.value("jailStartingDirectory").equals("false");
    }

    private static void fileName(RouteSource route, EndpointUse.@Nullable Option name, Findings findings) {
        if (name != null) {
            Yaml text = name.value();
            RawText.check(
                    route, Scalars.at(text, FOUND_FILE.matcher(text.text()).replaceAll("-")), FILE, findings);
        }
    }

    /** Endpoints that run what a message holds. */
    private static void executed(RouteSource route, EndpointUse use, Findings findings) {
        EXECUTING.forEach((name, problem) -> {
            EndpointUse.Option option = use.option(name);
            if (option != null && option.value().text().equals("true")) {
                findings.add(route, option.line(), name + ": " + problem);
            }
        });
        if (use.is("language") && !use.path().contains(":") && use.option("script") == null) {
            findings.add(
                    route,
                    use.line(),
                    "language:%s without a script executes the body of the message; write the script into the URI"
                            .formatted(use.path()));
        }
    }

    private static void header(RouteSource route, Element step, Findings findings) {
        Yaml name = step.get("name");
        if (name == null) {
            return;
        }
        Matcher chosen = RawText.RAW.matcher(name.text());
        if (chosen.find()) {
            findings.add(
                    route,
                    name.line(),
                    "%s as the name of a header can set any header, also those that steer Camel; write the name"
                            .formatted(chosen.group()));
        }
        String lower = name.text().toLowerCase(Locale.ROOT);
        if (ENCODED_HEADERS.contains(lower)) {
            step.languages().forEach(language -> encoded(route, name.text(), language, findings));
        }
        STEERING.forEach((header, wayOut) -> {
            if (header.toLowerCase(Locale.ROOT).equals(lower)) {
                step.languages().forEach(language -> steered(route, name.text(), wayOut, language, findings));
            }
        });
    }

    private static void functions(RouteSource route, Yaml text, Findings findings) {
        for (SimpleFunctions.Function function : SimpleFunctions.of(text.text())) {
            Matcher set = SETS_HEADER.matcher(function.text());
            if (!set.lookingAt()) {
                continue;
            }
            String header = set.group(1);
            boolean steers = ENCODED_HEADERS.contains(header.toLowerCase(Locale.ROOT))
                    || STEERING.keySet().stream().anyMatch(one -> one.equalsIgnoreCase(header));
            if (steers || header.isEmpty()) {
                findings.add(
                        route,
                        text.line(function.offset()),
                        "the function setHeader %s, which is easily overlooked; write the step setHeader"
                                .formatted(
                                        header.isEmpty()
                                                ? "may set a header that steers Camel"
                                                : "sets the header " + header));
            }
        }
    }

    private static void encoded(RouteSource route, String header, Element language, Findings findings) {
        Yaml text = language.expression();
        if (READERS.contains(language.name())) {
            findings.add(
                    route,
                    language.line(),
                    "%s: what the language %s reads goes into a URL without encoding; write a Simple expression with ${url(...)}"
                            .formatted(header, language.name()));
        } else if (text != null && language.name().equals("simple")) {
            RawText.check(route, text, header.equalsIgnoreCase("CamelFileName") ? FILE : "a URL", findings);
        }
    }

    private static void steered(RouteSource route, String header, String wayOut, Element language, Findings findings) {
        Yaml text = language.expression();
        Matcher raw = RawText.RAW.matcher(text == null || !language.name().equals("simple") ? "" : text.text());
        if (READERS.contains(language.name()) || raw.find()) {
            findings.add(route, language.line(), takenFromMessage(header, wayOut));
        }
    }
}
