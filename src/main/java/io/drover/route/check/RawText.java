package io.drover.route.check;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What comes from the message, in a text that is part of a URL or of a file's name: it has to be encoded there. */
final class RawText {

    /** A call of {@code url} or {@code query}, with functions of functions in it. Nothing is given back, so a long one needs no deep stack. */
    private static final Pattern ENCODED = Pattern.compile("\\$\\{(?:url|query)\\((?:[^{}$)]|\\)(?!})|\\$(?!\\{)|"
            + "\\$\\{(?:[^{}$]|\\$(?!\\{)|\\$\\{[^{}]*+})*+})*+\\)}");

    /** Any function of Simple but those that know nothing of the message. */
    static final Pattern RAW = Pattern.compile("\\$(?:simple)?\\{(?!"
            + "variable\\.(?:idempotencyKey|taskId|attempt)}|(?:env|sysenv|sys|properties|bean|ref|type|date|flag)[.:(]"
            + "|(?:uuid|random|camelContext)\\b|exchangeProperty\\.Camel(?:Loop|Split)(?:Index|Size)}|(?:exchangeId|id|routeId|stepId|hostname|threadName|threadId|camelId|null)}"
            + ")[^{}]*}");

    private RawText() {}

    /** @param where the text goes, such as {@code a URL} */
    static void check(RouteSource route, Yaml text, String where, Findings findings) {
        Matcher raw = RAW.matcher(ENCODED.matcher(text.text())
                .replaceAll(match -> ".".repeat(match.group().length())));
        while (raw.find()) {
            findings.add(
                    route,
                    text.line(raw.start()),
                    "%s goes into %s without encoding; write ${url(%s)}, which encodes it"
                            .formatted(raw.group(), where, raw.group()));
        }
    }
}
