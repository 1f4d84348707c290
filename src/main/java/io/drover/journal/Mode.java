package io.drover.journal;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Whether a task takes effect. It keeps its mode, and so do all that it submits. */
public enum Mode {
    /** Its calls are made. */
    LIVE("live"),
    /** Its calls pass policy and rules; those that are more than a read are answered instead of being made. */
    DRY_RUN("dry-run");

    private final String word;

    Mode(String word) {
        this.word = word;
    }

    /** As people, the database, metrics and logs write it. */
    public String word() {
        return word;
    }

    public boolean isDryRun() {
        return this == DRY_RUN;
    }

    /** Null where the word is no mode. */
    public static @Nullable Mode find(String word) {
        return Arrays.stream(values())
                .filter(mode -> mode.word.equals(word))
                .findFirst()
                .orElse(null);
    }

    /** Of a row. A mode of a later release takes no effect here. */
    static Mode stored(String word) {
        return word.equals(LIVE.word) ? LIVE : DRY_RUN;
    }
}
