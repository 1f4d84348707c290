package io.drover.api;

import io.drover.journal.Mode;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The modes that requests name. */
final class ModeText {

    private ModeText() {}

    /** In which a task is to be submitted. */
    static @Nullable Mode asked(@Nullable String mode) {
        return known(mode, Mode::asked, "live or dry-run");
    }

    /** Of the tasks that are to be listed. */
    static @Nullable Mode listed(@Nullable String mode) {
        return known(mode, Mode::find, "live, dry-run or shadow");
    }

    private static @Nullable Mode known(
            @Nullable String mode, Function<String, @Nullable Mode> modes, String expected) {
        Mode known = mode == null ? null : modes.apply(mode);
        if (mode != null && known == null) {
            throw ProblemException.badField("mode", mode, "is unknown", expected);
        }
        return known;
    }
}
