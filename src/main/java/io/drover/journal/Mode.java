package io.drover.journal;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Whether a task takes effect. It keeps its mode, and so do all that it submits. */
public enum Mode {
    /** Its calls are made. */
    LIVE("live"),
    /** Its calls pass policy and rules; those that are more than a read are answered instead of being made. */
    DRY_RUN("dry-run"),
    /** It mirrors a live task: what that one heard it hears, too, and otherwise it is as a dry run. */
    SHADOW("shadow");

    private final String word;

    Mode(String word) {
        this.word = word;
    }

    /** As people, the database, metrics and logs write it. */
    public String word() {
        return word;
    }

    /** Whether calls that are more than a read are answered instead of being made. */
    public boolean hasNoEffect() {
        return this != LIVE;
    }

    /** One that can be asked for; null where the word is none. A shadow is made by Drover alone. */
    public static @Nullable Mode asked(String word) {
        Mode mode = find(word);
        return mode == SHADOW ? null : mode;
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
        Mode mode = find(word);
        return mode == null ? DRY_RUN : mode;
    }
}
