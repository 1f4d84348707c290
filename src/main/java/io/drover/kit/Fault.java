package io.drover.kit;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong at the other side.
 *
 * @param status of an HTTP answer; 0 for {@code kind}
 */
record Fault(Kind kind, int status) {

    private static final Pattern STATUS = Pattern.compile("[345][0-9][0-9]");

    /** By what it means for the call. */
    enum Kind {
        /** It takes no connection: the call surely did not happen. */
        REFUSED("refused"),
        /** It answers too late, and did nothing. */
        TIMEOUT("timeout"),
        /** It did what was asked, and its answer is lost. */
        LOST_AFTER_SEND("lost-after-send"),
        /** The circuit breaker is open: nothing is sent. */
        BREAKER_OPEN("breaker-open"),
        /** It did what was asked, and its answer cannot be read. */
        MALFORMED("malformed"),
        /** An HTTP status. */
        STATUS("");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** Whether the other side did what was asked. */
        boolean takesEffect() {
            return this == LOST_AFTER_SEND || this == MALFORMED;
        }
    }

    /** The words for those that are no HTTP status. */
    static List<String> words() {
        return Arrays.stream(Kind.values())
                .map(kind -> kind.word)
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /** Null where the word names none. */
    static @Nullable Fault of(String word) {
        if (STATUS.matcher(word).matches()) {
            return new Fault(Kind.STATUS, Integer.parseInt(word));
        }
        return Arrays.stream(Kind.values())
                .filter(kind -> !kind.word.isEmpty() && kind.word.equals(word))
                .findFirst()
                .map(kind -> new Fault(kind, 0))
                .orElse(null);
    }
}
