package io.drover.route.check;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a tool puts into a URL is encoded: a raw argument could change the path, add a parameter, or choose the host. The
 * place for it is a header, because Camel decodes the path of a {@code toD} URI and encodes its query once more.
 */
final class RawUrlArguments implements Check {

    private static final Set<String> URL_HEADERS =
            Set.of("CamelHttpPath", "CamelHttpQuery", "CamelHttpUri", "CamelHttpRawQuery");
    private static final Pattern ENCODED = Pattern.compile("\\$\\{url\\(\\$\\{[^{}]*}\\)}");
    private static final Pattern RAW = Pattern.compile(
            "\\$\\{(?!variable\\.(?:idempotencyKey|taskId|attempt)})(?:variable|body|in\\.|header|exchangeProperty|jsonpath|jq|mandatoryBody)[^{}]*}");

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        if (!route.isTool() || route.route() == null) {
            return;
        }
        for (EndpointUse use : route.uses()) {
            if (use.eip().equals("toD")) {
                inUri(route, use, use.uri(), findings);
                use.options().stream()
                        .filter(option -> option.value().node() != use.uri().node())
                        .filter(option ->
                                !use.uri().text().contains(option.value().text()))
                        .forEach(option -> inUri(route, use, option.value(), findings));
            }
        }
        route.route().walk("route", (holder, member) -> {
            Yaml name = member.value().get("name");
            if (name != null
                    && URL_HEADERS.contains(name.text())
                    && member.value().get("expression") != null) {
                member.value().get("expression").scalars(text -> raw(route, text, findings));
            }
        });
        // setHeaders holds a list, each with a name and an expression
        route.route().walk("route", (holder, member) -> member.value().items().forEach(item -> {
            if (URL_HEADERS.contains(item.text("name")) && item.get("expression") != null) {
                item.get("expression").scalars(text -> raw(route, text, findings));
            }
        }));
    }

    private static void inUri(RouteSource route, EndpointUse use, Yaml text, Findings findings) {
        Matcher argument = RAW.matcher(text.text());
        while (argument.find()) {
            String wayOut = use.scheme().startsWith("http")
                    ? "set the header CamelHttpPath or CamelHttpQuery with ${url(%s)}, and use to:"
                            .formatted(argument.group())
                    : "use to: with a fixed endpoint";
            findings.add(
                    route,
                    text.line(argument.start()),
                    "%s in a toD URI can change the target of the call; %s".formatted(argument.group(), wayOut));
        }
    }

    private static void raw(RouteSource route, Yaml text, Findings findings) {
        Matcher raw = RAW.matcher(ENCODED.matcher(text.text())
                .replaceAll(match -> ".".repeat(match.group().length())));
        while (raw.find()) {
            findings.add(
                    route,
                    text.line(raw.start()),
                    "%s goes into a URL without encoding; write ${url(%s)}, which encodes it"
                            .formatted(raw.group(), raw.group()));
        }
    }
}
