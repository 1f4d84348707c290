package io.drover.shadow;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a shadow and its live task differ in first. */
public enum Difference {
    /** The same calls, the same end and the same output. */
    NONE,
    /** A call that both make has other arguments. */
    ARGUMENTS,
    /** The shadow makes a call that the live task does not make. */
    EXTRA,
    /** The live task makes a call that the shadow does not make. */
    MISSING,
    /** The shadow did not complete. */
    OUTCOME,
    /** The same calls, and another output. */
    OUTPUT,
    /** The candidate does not take the input, or cannot be run without effect. */
    REFUSED,
    /** The content of one of the two has been removed. */
    GONE;

    /** As the database, the API and the command line write it. */
    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Difference of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
