package io.drover.api;

import java.time.Duration;
import java.util.Collections;
import java.util.Enumeration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The {@code Prefer} header (RFC 7240), of which {@code wait} is understood; preferences that are not are ignored. */
final class Prefer {

    static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    private static final Pattern WAIT =
            Pattern.compile("(?:^|,)\\s*wait\\s*=\\s*\"?(\\d{1,6})\"?\\s*(?=[,;]|$)", Pattern.CASE_INSENSITIVE);

    private Prefer() {}

    /** How long the client would wait for the outcome, at most {@link #LONGEST_WAIT}; null when it does not say. */
    static @Nullable Duration wait(Enumeration<String> headers) {
        for (String header : Collections.list(headers)) {
            Matcher wait = WAIT.matcher(header);
            if (wait.find()) {
                return Duration.ofSeconds(Math.min(LONGEST_WAIT.toSeconds(), Long.parseLong(wait.group(1))));
            }
        }
        return null;
    }
}
