package io.drover.route;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.dsl.yaml.common.exception.YamlDeserializationException;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** What an exception of Camel says about a route file. */
final class RouteErrors {

    private static final Pattern LINE = Pattern.compile("\\bline (\\d{1,9})");

    private RouteErrors() {}

    /** The line that an exception speaks of, else 1. */
    static int line(Throwable thrown) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            Optional<Mark> mark =
                    t instanceof MarkedYamlEngineException marked ? marked.getProblemMark() : Optional.empty();
            if (mark.isPresent()) {
                return mark.get().getLine() + 1;
            }
            Matcher line = LINE.matcher(String.valueOf(t.getMessage()));
            if (t instanceof YamlDeserializationException && line.find()) {
                return Integer.parseInt(line.group(1));
            }
        }
        return 1;
    }

    /** The innermost message that says something. */
    static String message(Throwable thrown) {
        String message = thrown.getMessage();
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t.getMessage() != null && !t.getMessage().isBlank()) {
                message = t.getMessage();
            }
        }
        return String.valueOf(message).strip();
    }
}
