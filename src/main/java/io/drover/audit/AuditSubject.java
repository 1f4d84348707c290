package io.drover.audit;

import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What lines of the audit log may be about: a task, or a decision.
 *
 * @param id    as the lines have it
 * @param lines match the pattern if they are about it
 */
record AuditSubject(String id, Pattern lines) {

    /**
     * Reads the UUID of a task or the number of a decision.
     *
     * @throws IllegalArgumentException for anything else
     */
    static AuditSubject parse(String text) {
        if (text.matches("[1-9]\\d{0,17}")) {
            return new AuditSubject(
                    text, Pattern.compile("\\[\"(decided|erased)\", " + text + "[,\\]].*", Pattern.DOTALL));
        }
        try {
            String task = UUID.fromString(text).toString();
            return new AuditSubject(task, Pattern.compile(".*\"" + task + "\".*", Pattern.DOTALL));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "'%s' is neither the UUID of a task nor the number of a decision".formatted(text));
        }
    }

    boolean isDecision() {
        return !id.contains("-");
    }

    /** The lines of a row that are about it. */
    List<String> linesOf(ChainRow row) {
        return row.body().contains(id)
                ? Stream.of(row.body().split("\n"))
                        .filter(line -> lines.matcher(line).matches())
                        .toList()
                : List.of();
    }
}
