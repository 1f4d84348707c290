package io.drover.encryption;

import java.util.regex.Pattern;

/** What dead tasks have in common, as the database's function {@code dead_cause} works it out of a message. */
public final class Causes {

    private static final int LONGEST = 100;
    private static final Pattern NUMBERS =
            Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<![0-9])(?<!HTTP )[0-9]+");

    private Causes() {}

    /** The message without its numbers and ids; not those of the status of an HTTP answer. */
    public static String of(String message) {
        String cause = NUMBERS.matcher(message).replaceAll("#");
        return cause.codePointCount(0, cause.length()) <= LONGEST
                ? cause
                : cause.substring(0, cause.offsetByCodePoints(0, LONGEST));
    }
}
